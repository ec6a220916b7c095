//! Reads a brain file's text as the encoder of `shared/brain/file.ts` writes it, and only so: what
//! could be understood in two ways is refused. So the file's hash stands for one network, the same for
//! the program and for whoever decodes the file elsewhere.
use crate::{
    layout::{check_shape, data_bytes, LayerShape, MAX_LAYERS},
    Refusal,
};

/// What the text says.
pub struct FileShape {
    layers: [LayerShape; MAX_LAYERS],
    count: usize,
    /// SHA-256 of the data section, as the manifest has it.
    pub weights_hash: [u8; 32],
    /// Where the data section begins: biases i32, then weights i8 [outputs][inputs], layer by layer.
    pub data_start: usize,
}

impl FileShape {
    pub fn layers(&self) -> &[LayerShape] {
        &self.layers[..self.count]
    }
}

/// Errors: text, shapes or length.
#[inline(never)]
pub fn read_file(file: &[u8]) -> Result<FileShape, Refusal> {
    let length = file.first_chunk::<8>().map(|bytes| u64::from_le_bytes(*bytes)).ok_or(Refusal::FileText)?;
    let length = usize::try_from(length).map_err(|_| Refusal::FileText)?;
    let text = file[8..].get(..length).ok_or(Refusal::FileText)?;
    if length % 8 != 0 {
        return Err(Refusal::FileText);
    }
    let mut shape = FileShape {
        layers: [LayerShape::default(); MAX_LAYERS],
        count: 0,
        weights_hash: [0; 32],
        data_start: length.wrapping_add(8),
    };
    let mut text = Text { bytes: text, at: 0 };
    read_manifest(&mut text, &mut shape)?;
    check_shape(shape.layers())?;
    read_tensors(&mut text, shape.layers())?;
    read_padding(&text)?;
    if file.len() != shape.data_start.wrapping_add(data_bytes(shape.layers())) {
        return Err(Refusal::FileLength);
    }
    Ok(shape)
}

#[inline(never)]
fn read_manifest(text: &mut Text, shape: &mut FileShape) -> Result<(), Refusal> {
    text.expect(br#"{"__metadata__":{"manifest":"{\"format\":\"symbiont-brain\",\"formatVersion\":1,\"role\":\""#)?;
    text.skip_string()?;
    text.expect(br#",\"name\":\""#)?;
    text.skip_string()?;
    text.expect(br#",\"observation\":\""#)?;
    text.skip_string()?;
    text.expect(br#",\"actions\":"#)?;
    let actions = text.number()?;
    text.expect(br#",\"layers\":["#)?;
    loop {
        if shape.count == MAX_LAYERS {
            return Err(Refusal::Shape);
        }
        text.expect(br#"{\"inputs\":"#)?;
        let inputs = text.number()?;
        text.expect(br#",\"outputs\":"#)?;
        let outputs = text.number()?;
        text.expect(br#",\"shift\":"#)?;
        let shift = u8::try_from(text.number()?).map_err(|_| Refusal::Shape)?;
        shape.layers[shape.count] = LayerShape { inputs, outputs, shift };
        shape.count = shape.count.wrapping_add(1);
        if text.skip(br#"},"#) {
            continue;
        }
        text.expect(br#"}]"#)?;
        break;
    }
    if shape.layers[shape.count.wrapping_sub(1)].outputs != actions {
        return Err(Refusal::Shape);
    }
    text.expect(br#",\"weightsHash\":\""#)?;
    for byte in shape.weights_hash.iter_mut() {
        *byte = text.hex()? << 4 | text.hex()?;
    }
    text.expect(br#"\",\"provenance\":{"#)?;
    text.skip_object()?;
    text.expect(br#"}"}"#)
}

/// The table of tensors: every bias, then every weight, in the order of the data.
#[inline(never)]
fn read_tensors(text: &mut Text, layers: &[LayerShape]) -> Result<(), Refusal> {
    let mut begin = 0usize;
    for weights in [false, true] {
        for (l, layer) in layers.iter().enumerate() {
            text.expect(br#","layer"#)?;
            text.expect_number(l)?;
            let bytes = if weights {
                text.expect(br#".weight":{"dtype":"I8","shape":["#)?;
                text.expect_number(layer.outputs)?;
                text.expect(b",")?;
                text.expect_number(layer.inputs)?;
                layer.outputs.wrapping_mul(layer.inputs)
            } else {
                text.expect(br#".bias":{"dtype":"I32","shape":["#)?;
                text.expect_number(layer.outputs)?;
                layer.outputs.wrapping_mul(4)
            };
            text.expect(br#"],"data_offsets":["#)?;
            text.expect_number(begin)?;
            begin = begin.wrapping_add(bytes);
            text.expect(b",")?;
            text.expect_number(begin)?;
            text.expect(b"]}")?;
        }
    }
    text.expect(b"}")
}

fn read_padding(text: &Text) -> Result<(), Refusal> {
    let rest = &text.bytes[text.at..];
    if rest.len() >= 8 || rest.iter().any(|&byte| byte != b' ') {
        return Err(Refusal::FileText);
    }
    Ok(())
}

/// The header's text. The manifest is JSON in a string, so its quotes and backslashes are escaped once
/// more than usual.
struct Text<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// A character of the manifest.
#[derive(PartialEq, Eq)]
enum Mark {
    Quote,
    Backslash,
    Other(u8),
}

impl Text<'_> {
    fn byte(&mut self) -> Result<u8, Refusal> {
        let byte = *self.bytes.get(self.at).ok_or(Refusal::FileText)?;
        self.at = self.at.wrapping_add(1);
        Ok(byte)
    }

    /// Goes past `wanted` if it is next.
    fn skip(&mut self, wanted: &[u8]) -> bool {
        let found = self.bytes[self.at..].starts_with(wanted);
        if found {
            self.at = self.at.wrapping_add(wanted.len());
        }
        found
    }

    fn expect(&mut self, wanted: &[u8]) -> Result<(), Refusal> {
        if self.skip(wanted) {
            Ok(())
        } else {
            Err(Refusal::FileText)
        }
    }

    /// A number of at most six digits without leading zeros.
    fn number(&mut self) -> Result<usize, Refusal> {
        let start = self.at;
        let mut value = 0usize;
        while let Some(digit) = self.bytes.get(self.at).filter(|byte| byte.is_ascii_digit()) {
            value = value.wrapping_mul(10).wrapping_add(digit.wrapping_sub(b'0') as usize);
            self.at = self.at.wrapping_add(1);
            if self.at.wrapping_sub(start) > 6 {
                return Err(Refusal::FileText);
            }
        }
        let digits = self.at.wrapping_sub(start);
        if digits == 0 || (digits > 1 && self.bytes[start] == b'0') {
            return Err(Refusal::FileText);
        }
        Ok(value)
    }

    fn expect_number(&mut self, wanted: usize) -> Result<(), Refusal> {
        if self.number()? == wanted {
            Ok(())
        } else {
            Err(Refusal::FileText)
        }
    }

    fn hex(&mut self) -> Result<u8, Refusal> {
        match self.byte()? {
            digit @ b'0'..=b'9' => Ok(digit.wrapping_sub(b'0')),
            digit @ b'a'..=b'f' => Ok(digit.wrapping_sub(b'a').wrapping_add(10)),
            _ => Err(Refusal::FileText),
        }
    }

    fn mark(&mut self) -> Result<Mark, Refusal> {
        match self.byte()? {
            b'\\' => match self.byte()? {
                b'"' => Ok(Mark::Quote),
                b'\\' => Ok(Mark::Backslash),
                _ => Err(Refusal::FileText),
            },
            // ends the manifest before its time
            b'"' => Err(Refusal::FileText),
            other => Ok(Mark::Other(other)),
        }
    }

    /// The rest of a string of the manifest, with its closing quote.
    fn skip_string(&mut self) -> Result<(), Refusal> {
        loop {
            match self.mark()? {
                Mark::Quote => return Ok(()),
                // whatever is escaped does not end the string
                Mark::Backslash => {
                    self.mark()?;
                }
                Mark::Other(_) => {}
            }
        }
    }

    /// The rest of an object of the manifest, with its closing brace.
    fn skip_object(&mut self) -> Result<(), Refusal> {
        let mut depth = 1u32;
        while depth > 0 {
            match self.mark()? {
                Mark::Quote => self.skip_string()?,
                Mark::Other(b'{' | b'[') => depth = depth.wrapping_add(1),
                Mark::Other(b'}' | b']') => depth = depth.wrapping_sub(1),
                _ => {}
            }
        }
        Ok(())
    }
}
