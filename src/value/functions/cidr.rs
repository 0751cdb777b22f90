//! Networks: `cidrhost`, `cidrnetmask`, `cidrsubnet` and `cidrsubnets`.
//!
//! Source: Terraform, `internal/lang/funcs/cidr.go` and `internal/ipaddr`; `github.com/apparentlymart/go-cidr`.

use core::net::{Ipv4Addr, Ipv6Addr};

use super::outcome::{Call, Outcome, Stop, error, string, unknown};

/// A network.
#[derive(Clone, Copy)]
struct Network {
    /// Its first address, in the low bits.
    first: u128,
    /// How many bits of an address name it.
    prefix: u32,
    /// How many bits an address has.
    width: u32,
}

impl Network {
    fn parse(text: &str) -> Result<Self, Stop> {
        Self::read(text).map_or_else(|| error("a text that names no network"), Ok)
    }

    fn read(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let (address, width) = match address.parse::<Ipv6Addr>() {
            Ok(address) => (address.to_bits(), 128),
            Err(_) => (u128::from(four_parts(address)?), 32),
        };
        let is_digits = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix = prefix.parse::<u32>().ok().filter(|prefix| is_digits && *prefix <= width)?;
        Some(Self { first: address & !below(width - prefix), prefix, width })
    }

    fn text(self, address: u128) -> Result<String, Stop> {
        if self.width == 32 {
            return Ok(Ipv4Addr::from_bits(u32::try_from(address).unwrap_or(u32::MAX)).to_string());
        }
        match Ipv6Addr::from_bits(address) {
            mapped if mapped.to_ipv4_mapped().is_some() => unknown("an address that may be written in two ways"),
            address => Ok(address.to_string()),
        }
    }
}

/// An address of four numbers, which may begin with zeros.
fn four_parts(text: &str) -> Option<u32> {
    let mut bytes = Vec::new();
    for part in text.split('.') {
        let is_digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        bytes.push(part.parse::<u8>().ok().filter(|_| is_digits)?);
    }
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

/// The last number of so many bits.
fn below(bits: u32) -> u128 {
    1u128.checked_shl(bits).map_or(u128::MAX, |above| above - 1)
}

pub(super) fn host(call: &Call<'_, '_>) -> Outcome {
    let wanted = call.number(1)?;
    let network = Network::parse(call.text(0)?)?;
    let Ok(wanted) = wanted.parse::<i64>() else {
        return if wanted.contains('.') {
            error("a fraction as the number of a host")
        } else {
            unknown("a large number")
        };
    };
    let last = below(network.width - network.prefix);
    // Counted from the end, -1 is the last.
    let at = if wanted < 0 { u128::from(wanted.unsigned_abs() - 1) } else { u128::from(wanted.unsigned_abs()) };
    if at > last {
        return error("a network without a host of this number");
    }
    string(network.text(network.first | if wanted < 0 { last - at } else { at })?)
}

pub(super) fn netmask(call: &Call<'_, '_>) -> Outcome {
    let network = Network::parse(call.text(0)?)?;
    if network.width != 32 {
        return error("a mask of an IPv6 network");
    }
    string(network.text(below(32) & !below(32 - network.prefix))?)
}

pub(super) fn subnet(call: &Call<'_, '_>) -> Outcome {
    let (bits, wanted) = (call.integer(1)?, call.number(2)?);
    let network = Network::parse(call.text(0)?)?;
    let (Ok(bits), Ok(at)) = (u32::try_from(bits), wanted.parse::<u64>()) else {
        return unknown("a subnet that is numbered or sized by a negative or large number");
    };
    let prefix = network.prefix.saturating_add(bits);
    if prefix > network.width || u128::from(at) > below(bits) {
        return error("a network without a subnet of this number and size");
    }
    let shifted = u128::from(at).checked_shl(network.width - prefix).unwrap_or(0);
    string(format!("{}/{prefix}", network.text(network.first | shifted)?))
}

pub(super) fn subnets(call: &Call<'_, '_>) -> Outcome {
    let network = Network::parse(call.text(0)?)?;
    let last = network.first | below(network.width - network.prefix);
    let mut next = Some(network.first);
    let mut texts = Vec::new();
    for at in 1..call.arguments.len() {
        let bits = u32::try_from(call.integer(at)?).ok().filter(|bits| (1..=32).contains(bits));
        let prefix = bits.map(|bits| network.prefix + bits).filter(|prefix| *prefix <= network.width);
        let Some(prefix) = prefix else { return error("a subnet of no size that the network has") };
        let size = below(network.width - prefix);
        // The next address at which a network of this size can begin.
        let start = next.and_then(|next| Some(next.checked_add(size)? & !size));
        // Terraform takes the address of zeros for a counter that has run over.
        let Some(start) = start.filter(|start| *start <= last && *start != 0) else {
            return error("a network without room for another subnet");
        };
        texts.push(format!("{}/{prefix}", network.text(start)?));
        next = start.checked_add(size).and_then(|end| end.checked_add(1));
    }
    Ok(call.strings(texts))
}
