//! Core's accounts: an asset or a collection, then, if it has plugins, a header that points to the
//! registry, the plugins' data one after another, and the registry with one record for each.
use alloc::vec::Vec;

use anchor_lang::{
    pinocchio::{account::AccountView, address::Address},
    Error,
};

use crate::{
    accounts::resize,
    error::CoreError,
    plugin::{is_sound, read_plugin, Authority, Plugin, UpdateAuthority},
    reader::{Malformed, Reader},
};

const KEY_ASSET: u8 = 1;
const KEY_HASHED_ASSET: u8 = 2;
const KEY_HEADER: u8 = 3;
const KEY_REGISTRY: u8 = 4;
const KEY_COLLECTION: u8 = 5;
/// Key byte and registry offset.
const HEADER_LEN: usize = 9;

/// What an asset and a collection have in common.
pub trait Core: Sized {
    const KEY: u8;
    fn read(reader: &mut Reader) -> Result<Self, Malformed>;
    fn write(&self, out: &mut Vec<u8>);
}

pub struct Asset {
    pub owner: Address,
    pub update_authority: UpdateAuthority,
    pub name: Vec<u8>,
    pub uri: Vec<u8>,
    /// Counts changes of a once compressed asset; none of ours has one.
    pub seq: Option<u64>,
}

impl Core for Asset {
    const KEY: u8 = KEY_ASSET;

    fn read(reader: &mut Reader) -> Result<Self, Malformed> {
        Ok(Self {
            owner: reader.address()?,
            update_authority: UpdateAuthority::read(reader)?,
            name: reader.string()?.to_vec(),
            uri: reader.string()?.to_vec(),
            seq: if reader.option()? { Some(reader.u64()?) } else { None },
        })
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.owner.as_ref());
        self.update_authority.write(out);
        write_string(&self.name, out);
        write_string(&self.uri, out);
        match self.seq {
            None => out.push(0),
            Some(seq) => {
                out.push(1);
                out.extend_from_slice(&seq.to_le_bytes());
            }
        }
    }
}

pub struct Collection {
    pub update_authority: Address,
    pub name: Vec<u8>,
    pub uri: Vec<u8>,
    pub num_minted: u32,
    pub current_size: u32,
}

impl Core for Collection {
    const KEY: u8 = KEY_COLLECTION;

    fn read(reader: &mut Reader) -> Result<Self, Malformed> {
        Ok(Self {
            update_authority: reader.address()?,
            name: reader.string()?.to_vec(),
            uri: reader.string()?.to_vec(),
            num_minted: reader.u32()?,
            current_size: reader.u32()?,
        })
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.update_authority.as_ref());
        write_string(&self.name, out);
        write_string(&self.uri, out);
        out.extend_from_slice(&self.num_minted.to_le_bytes());
        out.extend_from_slice(&self.current_size.to_le_bytes());
    }
}

/// An account's whole content.
pub struct Loaded<T> {
    pub core: T,
    pub plugins: Vec<Plugin>,
    /// How many of the account's bytes this was; approving an authority leaves a byte behind them.
    pub len: usize,
}

impl<T: Core> Loaded<T> {
    /// Errors: 1 when the account is not such a one, `InvalidAccountOwner` when Core does not own it.
    pub fn load(view: &AccountView) -> Result<Self, Error> {
        // SAFETY: nothing else holds the account's data: views are only borrowed inside calls.
        let data = unsafe { view.borrow_unchecked() };
        // an account without data ends the program here, as it ends Core
        if data[0] != T::KEY {
            return Err(CoreError::Deserialization.into());
        }
        if !view.owned_by(&crate::ID) {
            return Err(Error::InvalidAccountOwner);
        }
        Self::decode(data).map_err(|_| CoreError::Deserialization.into())
    }

    fn decode(data: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(&data[1..]);
        let core = T::read(&mut reader)?;
        let mut plugins = Vec::new();
        let mut len = data.len() - reader.left();
        if reader.left() > 0 {
            if reader.u8()? != KEY_HEADER {
                return Err(Malformed);
            }
            let mut registry = Reader::new(data);
            registry.take(reader.u64()? as usize)?;
            if registry.u8()? != KEY_REGISTRY {
                return Err(Malformed);
            }
            for _ in 0..registry.u32()? {
                let kind = registry.u8()?;
                let authority = Authority::read(&mut registry)?;
                let mut plugin = Reader::new(data);
                plugin.take(registry.u64()? as usize)?;
                let bytes = read_plugin(&mut plugin)?.map_err(|_| Malformed)?;
                if bytes[0] != kind {
                    return Err(Malformed);
                }
                plugins.push(Plugin { data: bytes.to_vec(), authority });
            }
            if registry.u32()? != 0 {
                return Err(Malformed); // external plugin adapters
            }
            len = data.len() - registry.left();
        }
        Ok(Self { core, plugins, len })
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(1024);
        out.push(T::KEY);
        self.core.write(&mut out);
        if self.plugins.is_empty() {
            return out;
        }
        let mut offset = out.len() + HEADER_LEN;
        let registry = offset + self.plugins.iter().map(|plugin| plugin.data.len()).sum::<usize>();
        out.push(KEY_HEADER);
        out.extend_from_slice(&(registry as u64).to_le_bytes());
        for plugin in &self.plugins {
            out.extend_from_slice(&plugin.data);
        }
        out.push(KEY_REGISTRY);
        out.extend_from_slice(&(self.plugins.len() as u32).to_le_bytes());
        for plugin in &self.plugins {
            out.push(plugin.kind());
            plugin.authority.write(&mut out);
            out.extend_from_slice(&(offset as u64).to_le_bytes());
            offset += plugin.data.len();
        }
        out.extend_from_slice(&0u32.to_le_bytes()); // no external plugin adapters
        out
    }

    /// Writes the account; `payer` pays or receives the difference in rent.
    pub fn save(&self, view: &mut AccountView, payer: &mut AccountView) -> Result<(), Error> {
        self.save_longer(view, payer, 0)
    }

    /// Writes the account and lengthens it by `extra` more.
    pub fn save_longer(
        &self,
        view: &mut AccountView,
        payer: &mut AccountView,
        extra: usize,
    ) -> Result<(), Error> {
        let bytes = self.encode();
        let behind = view.data_len() - self.len;
        resize(view, payer, bytes.len() + behind + extra)?;
        // SAFETY: no other borrow of this account's data is alive.
        let data = unsafe { view.borrow_unchecked_mut() };
        data[..bytes.len()].copy_from_slice(&bytes);
        Ok(())
    }

    pub fn plugin(&self, kind: u8) -> Option<&Plugin> {
        self.plugins.iter().find(|plugin| plugin.kind() == kind)
    }

    /// Errors: 4 when there is no such plugin.
    pub fn plugin_mut(&mut self, kind: u8) -> Result<&mut Plugin, CoreError> {
        let found = self.plugins.iter_mut().find(|plugin| plugin.kind() == kind);
        found.ok_or(CoreError::PluginNotFound)
    }

    /// Errors: 28 for royalties that are none, 15 when there are two plugins of a kind.
    pub fn check_plugins(&self) -> Result<(), Error> {
        for (i, plugin) in self.plugins.iter().enumerate() {
            if !is_sound(&plugin.data) {
                return Err(CoreError::InvalidPluginSetting.into());
            }
            if self.plugins[..i].iter().any(|other| other.kind() == plugin.kind()) {
                return Err(CoreError::PluginAlreadyExists.into());
            }
        }
        Ok(())
    }

    /// Errors: 15 when there is one of its kind already.
    pub fn add(&mut self, plugin: Plugin) -> Result<(), CoreError> {
        if self.plugin(plugin.kind()).is_some() {
            return Err(CoreError::PluginAlreadyExists);
        }
        self.plugins.push(plugin);
        Ok(())
    }
}

/// Errors: 23 for a compressed asset.
pub fn refuse_compressed(view: &AccountView) -> Result<(), Error> {
    // SAFETY: nothing else holds the account's data.
    match unsafe { view.borrow_unchecked() }[0] {
        KEY_HASHED_ASSET => Err(CoreError::NotAvailable.into()),
        _ => Ok(()),
    }
}

/// Errors: 23 for a compressed asset, 6 for what is no asset.
pub fn refuse_other_than_asset(view: &AccountView) -> Result<(), Error> {
    refuse_compressed(view)?;
    // SAFETY: nothing else holds the account's data.
    match unsafe { view.borrow_unchecked() }[0] {
        KEY_ASSET => Ok(()),
        key if key > 6 => Err(CoreError::Deserialization.into()),
        _ => Err(CoreError::IncorrectAccount.into()),
    }
}

fn write_string(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    out.extend_from_slice(bytes);
}
