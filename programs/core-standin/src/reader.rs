//! Reads Borsh: little-endian integers, `u32` lengths, one byte for an option or a variant.
use anchor_lang::pinocchio::address::Address;

/// The bytes are not what they should be; the caller says whether instruction or account.
pub struct Malformed;

pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub fn left(&self) -> usize {
        self.0.len()
    }

    pub fn take(&mut self, len: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    pub fn u8(&mut self) -> Result<u8, Malformed> {
        Ok(self.take(1)?[0])
    }

    pub fn u32(&mut self) -> Result<u32, Malformed> {
        let bytes = self.take(4)?;
        Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    pub fn u64(&mut self) -> Result<u64, Malformed> {
        let low = self.u32()? as u64;
        Ok(low | (self.u32()? as u64) << 32)
    }

    pub fn address(&mut self) -> Result<Address, Malformed> {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.take(32)?);
        Ok(Address::new_from_array(bytes))
    }

    /// True for `Some`; its value follows.
    pub fn option(&mut self) -> Result<bool, Malformed> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Malformed),
        }
    }

    /// A string's bytes, without its length; not UTF-8 is malformed.
    pub fn string(&mut self) -> Result<&'a [u8], Malformed> {
        let len = self.u32()? as usize;
        let bytes = self.take(len)?;
        core::str::from_utf8(bytes).map_err(|_| Malformed)?;
        Ok(bytes)
    }

    pub fn optional_string(&mut self) -> Result<Option<&'a [u8]>, Malformed> {
        Ok(if self.option()? { Some(self.string()?) } else { None })
    }

    /// An option whose value is not looked at and is the last.
    pub fn optional_rest(&mut self) -> Result<(), Malformed> {
        if self.option()? {
            self.0 = &[];
        }
        Ok(())
    }

    /// The bytes that `read` consumes.
    pub fn span(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<(), Malformed>,
    ) -> Result<&'a [u8], Malformed> {
        let before = self.0;
        read(self)?;
        Ok(&before[..before.len() - self.0.len()])
    }
}
