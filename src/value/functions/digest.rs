//! Digests, and other spellings of strings.
//!
//! Source: Terraform, `internal/lang/funcs/crypto.go` and `encoding.go`; Go, `net/url` and `encoding/base64`.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::outcome::{Call, Outcome, Stop, error, string, unknown};

/// A digest, and how it is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Md5,
    Sha1,
    Sha256,
    Sha512,
    Base64Sha256,
    Base64Sha512,
}

impl Kind {
    pub(super) fn of(self, bytes: &[u8]) -> String {
        match self {
            Self::Md5 => hex(&Md5::digest(bytes)),
            Self::Sha1 => hex(&Sha1::digest(bytes)),
            Self::Sha256 => hex(&Sha256::digest(bytes)),
            Self::Sha512 => hex(&Sha512::digest(bytes)),
            Self::Base64Sha256 => STANDARD.encode(Sha256::digest(bytes)),
            Self::Base64Sha512 => STANDARD.encode(Sha512::digest(bytes)),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        _ = write!(text, "{byte:02x}");
        text
    })
}

pub(super) fn md5(call: &Call<'_, '_>) -> Outcome {
    string(Kind::Md5.of(call.text(0)?.as_bytes()))
}

pub(super) fn sha1(call: &Call<'_, '_>) -> Outcome {
    string(Kind::Sha1.of(call.text(0)?.as_bytes()))
}

pub(super) fn sha256(call: &Call<'_, '_>) -> Outcome {
    string(Kind::Sha256.of(call.text(0)?.as_bytes()))
}

pub(super) fn sha512(call: &Call<'_, '_>) -> Outcome {
    string(Kind::Sha512.of(call.text(0)?.as_bytes()))
}

pub(super) fn base64_sha256(call: &Call<'_, '_>) -> Outcome {
    string(Kind::Base64Sha256.of(call.text(0)?.as_bytes()))
}

pub(super) fn base64_sha512(call: &Call<'_, '_>) -> Outcome {
    string(Kind::Base64Sha512.of(call.text(0)?.as_bytes()))
}

pub(super) fn base64_encode(call: &Call<'_, '_>) -> Outcome {
    string(base64_of(call.text(0)?.as_bytes()))
}

pub(super) fn base64_of(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub(super) fn base64_decode(call: &Call<'_, '_>) -> Outcome {
    let bytes = from_base64(call.text(0)?)?;
    String::from_utf8(bytes).map_or_else(|_| error("base64 of what is not UTF-8"), string)
}

/// Line ends count for nothing, and neither do bits that are left over.
fn from_base64(text: &str) -> Result<Vec<u8>, Stop> {
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
    let text = text.replace(['\r', '\n'], "");
    GeneralPurpose::new(&ALPHABET, CONFIG).decode(text).or_else(|_| error("a text that is not base64"))
}

pub(super) fn text_encode_base64(call: &Call<'_, '_>) -> Outcome {
    let text = call.text(0)?;
    let bytes: Vec<u8> = match call.text(1)?.to_ascii_uppercase().as_str() {
        "UTF-8" => text.as_bytes().to_vec(),
        "UTF-16LE" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "UTF-16BE" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => return unknown("an encoding that is not known here"),
    };
    string(base64_of(&bytes))
}

pub(super) fn text_decode_base64(call: &Call<'_, '_>) -> Outcome {
    let encoding = call.text(1)?.to_ascii_uppercase();
    let units = |of: fn([u8; 2]) -> u16, bytes: &[u8]| {
        let pairs: Vec<u16> = bytes.chunks_exact(2).map(|pair| of([pair[0], pair[1]])).collect();
        String::from_utf16(&pairs).ok().filter(|_| bytes.len().is_multiple_of(2))
    };
    let bytes = from_base64(call.text(0)?);
    let decoded = match encoding.as_str() {
        "UTF-8" => String::from_utf8(bytes?).ok(),
        "UTF-16LE" => units(u16::from_le_bytes, &bytes?),
        "UTF-16BE" => units(u16::from_be_bytes, &bytes?),
        _ => return unknown("an encoding that is not known here"),
    };
    match decoded.filter(|text| !text.contains('\u{fffd}')) {
        Some(text) => string(text),
        None => error("bytes that the encoding does not have"),
    }
}

/// As in the query of an address: a blank becomes `+`.
pub(super) fn url_encode(call: &Call<'_, '_>) -> Outcome {
    let mut result = String::new();
    for &byte in call.text(0)?.as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => result.push(char::from(byte)),
            b' ' => result.push('+'),
            byte => _ = write!(result, "%{byte:02X}"),
        }
    }
    string(result)
}

/// Source: RFC 9562, 5.5 and 6.6; `github.com/google/uuid`, for how an identifier may be written.
pub(super) fn uuid_v5(call: &Call<'_, '_>) -> Outcome {
    let well_known = |last: u8| format!("6ba7b81{last}-9dad-11d1-80b4-00c04fd430c8");
    let namespace = match call.text(0)? {
        "dns" => well_known(0),
        "url" => well_known(1),
        "oid" => well_known(2),
        "x500" => well_known(4),
        other => other.to_owned(),
    };
    let bare = match namespace.len() {
        32 | 36 => Some(namespace.as_str()),
        38 => namespace.get(1..37),
        45 => namespace.get(9..).filter(|_| namespace.to_ascii_lowercase().starts_with("urn:uuid:")),
        _ => None,
    };
    let Some(space) = bare.and_then(identifier) else { return error("a namespace that is no identifier") };
    let digest = Sha1::new().chain_update(space.to_be_bytes()).chain_update(call.text(1)?).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x50;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = hex(&bytes);
    string(format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]))
}

/// An identifier of 32 digits, all together or with dashes between.
fn identifier(text: &str) -> Option<u128> {
    let is_dashed = text.len() == 32 || [8, 13, 18, 23].iter().all(|at| text.as_bytes().get(*at) == Some(&b'-'));
    let digits = text.replace('-', "");
    let is_plain = is_dashed && digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u128::from_str_radix(&digits, 16).ok().filter(|_| is_plain)
}
