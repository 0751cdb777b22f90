//! `format` and `formatlist`.
//!
//! Source: go-cty, `function/stdlib/format.go`, with the grammar of `format_fsm.rl`; Go, `math/big`, for how numbers are
//! written.

use unicode_segmentation::UnicodeSegmentation as _;

use super::super::convert::convert;
use super::super::data::{Data, Traced, Values};
use super::super::number;
use super::super::types::Type;
use super::super::work::MOST_BYTES;
use super::json;
use super::outcome::{Call, Outcome, Stop, error, known, string, too_large, unknown};
use super::sequence::members;

/// One verb, as in `%-5[2]s`.
#[derive(Default)]
struct Verb {
    /// Some of `0#-+ `.
    flags: String,
    width: Option<usize>,
    precision: Option<usize>,
    mode: char,
}

pub(super) fn format(call: &Call<'_, '_>) -> Outcome {
    no_bare_null(&call.arguments[1..])?;
    string(formatted(call.text(0)?, &call.arguments[1..])?)
}

/// Lists give their elements one by one, and all else stays as it is.
pub(super) fn format_list(call: &Call<'_, '_>) -> Outcome {
    let text = call.text(0)?;
    let arguments = &call.arguments[1..];
    no_bare_null(arguments)?;
    let list = |value: &&Traced| matches!(value.data, Data::List(..)).then(|| Ok(members(value)?.1)).transpose();
    let lists: Vec<Option<Vec<Values>>> = arguments.iter().map(list).collect::<Result<_, Stop>>()?;
    let mut lengths = lists.iter().flatten().map(Vec::len);
    let length = lengths.next().unwrap_or(1);
    if lengths.any(|other| other != length) {
        return error("lists that differ in length");
    }
    let mut results = Vec::new();
    let mut bytes = 0;
    for at in 0..length {
        let own = lists.iter().zip(arguments);
        let own = own.map(|(list, argument)| list.as_ref().map_or(Ok(*argument), |list| known(&list[at])));
        let result = formatted(text, &own.collect::<Result<Vec<_>, _>>()?)?;
        bytes += result.len();
        if bytes > MOST_BYTES {
            return too_large();
        }
        results.push(result);
    }
    Ok(call.strings(results))
}

/// A `null` without a type makes the result one that Terraform does not know.
fn no_bare_null(arguments: &[&Traced]) -> Result<(), Stop> {
    let is_bare = |value: &&Traced| value.data == Data::Null(Type::Dynamic);
    if arguments.iter().any(is_bare) { unknown("a format of a `null` without a type") } else { Ok(()) }
}

fn formatted(format: &str, arguments: &[&Traced]) -> Result<String, Stop> {
    let (mut next, mut highest) = (1, 0);
    let mut result = String::new();
    let mut rest = format;
    while let Some((before, verb)) = rest.split_once('%') {
        result.push_str(before);
        if let Some(after) = verb.strip_prefix('%') {
            result.push('%');
            rest = after;
            continue;
        }
        let (verb, place, after) = scan(verb)?;
        let place = place.unwrap_or(next);
        let Some(argument) = place.checked_sub(1).and_then(|at| arguments.get(at)) else {
            return error("a format with too few arguments");
        };
        if verb.width.max(verb.precision).is_some_and(|width| width > MOST_BYTES) {
            return too_large();
        }
        result.push_str(&verb.apply(argument)?);
        if result.len() > MOST_BYTES {
            return too_large();
        }
        highest = highest.max(place);
        next = place + 1;
        rest = after;
    }
    result.push_str(rest);
    if highest < arguments.len() { error("a format with too many arguments") } else { Ok(result) }
}

/// A verb, the number of the argument that it names, and what follows.
fn scan(text: &str) -> Result<(Verb, Option<usize>, &str), Stop> {
    let mut verb = Verb::default();
    let after_flags = text.trim_start_matches(['0', '#', '-', '+', ' ']);
    text[..text.len() - after_flags.len()].clone_into(&mut verb.flags);
    let digits = |text: &'_ str| {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        (text[..text.len() - rest.len()].to_owned(), text.len() - rest.len())
    };
    let count = |digits: &str| digits.parse().unwrap_or(usize::MAX);
    let (width, length) = digits(after_flags);
    let mut rest = &after_flags[length..];
    verb.width = (!width.is_empty()).then(|| count(&width));
    if let Some(after) = rest.strip_prefix('.') {
        let (precision, length) = digits(after);
        verb.precision = Some(if precision.is_empty() { 0 } else { count(&precision) });
        rest = &after[length..];
    }
    let mut place = None;
    if let Some(after) = rest.strip_prefix('[') {
        let (index, length) = digits(after);
        let Some(after) = after[length..].strip_prefix(']').filter(|_| !index.is_empty() && !index.starts_with('0'))
        else {
            return error("a format with a verb that is not complete");
        };
        place = Some(count(&index));
        rest = after;
    }
    match rest.chars().next() {
        Some(mode) if mode.is_ascii_alphabetic() => {
            verb.mode = mode;
            Ok((verb, place, &rest[1..]))
        }
        _ => error("a format with a verb that is not complete"),
    }
}

impl Verb {
    fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }

    fn apply(&self, value: &Traced) -> Result<String, Stop> {
        if self.mode == 'v' {
            return Ok(self.padded(match &value.data {
                Data::String(text) if !self.has('#') => text.clone(),
                Data::Number(number) if !self.has('#') => general(number),
                _ => json::written(value)?,
            }));
        }
        let to = match self.mode {
            't' => Type::Bool,
            'b' | 'd' | 'o' | 'x' | 'X' | 'e' | 'E' | 'f' | 'g' | 'G' => Type::Number,
            's' | 'q' => Type::String,
            _ => return error("a format with a verb that does not exist"),
        };
        if value.data.is_null() {
            return error("`null` for a verb other than %v");
        }
        match (convert(value.clone(), &to).data, self.mode) {
            (Data::Bool(value), _) => Ok(value.to_string()),
            (Data::Number(number), 'f') => self.fixed(&number),
            (Data::Number(number), 'g') if self.precision.is_none() && !self.has('#') => {
                let text = general(&number);
                Ok(self.filled(text.starts_with('-'), "", text.trim_start_matches('-'), true))
            }
            (Data::Number(number), 'G') if self.precision.is_none() && !self.has('#') => {
                let text = general(&number).to_uppercase();
                Ok(self.filled(text.starts_with('-'), "", text.trim_start_matches('-'), true))
            }
            (Data::Number(number), 'e' | 'E') => self.scientific(&number),
            (Data::Number(_), 'g' | 'G') => unknown("a number with so many digits"),
            (Data::Number(number), _) => match number::whole(&number) {
                Some(whole) => Ok(self.integer(whole)),
                None if number.contains('.') => error("a fraction for a verb of whole numbers"),
                None => unknown("a number with too many digits"),
            },
            (Data::String(text), mode) => {
                let most = self.precision.filter(|most| *most > 0).unwrap_or(usize::MAX);
                let text: String = text.graphemes(true).take(most).collect();
                Ok(self.padded(if mode == 'q' { json::quoted(&text) } else { text }))
            }
            (Data::Unknown(why), _) => unknown(why),
            _ => error("a value that does not fit its verb"),
        }
    }

    /// A text, filled up to the width.
    fn padded(&self, text: String) -> String {
        let missing = self.width.unwrap_or(0).saturating_sub(text.graphemes(true).count());
        let pad = if self.has('0') { "0" } else { " " }.repeat(missing);
        if self.has('-') { text + &pad } else { pad + &text }
    }

    fn integer(&self, value: i128) -> String {
        let size = value.unsigned_abs();
        let (prefix, digits) = match self.mode {
            'b' => ("0b", format!("{size:b}")),
            'o' => ("0", format!("{size:o}")),
            'x' => ("0x", format!("{size:x}")),
            'X' => ("0X", format!("{size:X}")),
            _ => ("", size.to_string()),
        };
        let zeros = match self.precision {
            Some(0) if size == 0 => return String::new(),
            precision => precision.unwrap_or(0).saturating_sub(digits.len()),
        };
        let prefix = if self.has('#') { prefix } else { "" };
        self.filled(value < 0, prefix, &("0".repeat(zeros) + &digits), self.precision.is_none())
    }

    /// Sign, prefix and digits, filled up to the width: with zeros before the digits, or with blanks around all.
    fn filled(&self, is_negative: bool, prefix: &str, digits: &str, zeros_allowed: bool) -> String {
        let sign = match (is_negative, self.has('+'), self.has(' ')) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        };
        let missing = self.width.unwrap_or(0).saturating_sub(sign.len() + prefix.len() + digits.len());
        if self.has('-') {
            format!("{sign}{prefix}{digits}{}", " ".repeat(missing))
        } else if self.has('0') && zeros_allowed {
            format!("{sign}{prefix}{}{digits}", "0".repeat(missing))
        } else {
            format!("{}{sign}{prefix}{digits}", " ".repeat(missing))
        }
    }

    /// With a fixed number of decimals, 6 if no other is given.
    fn fixed(&self, number: &str) -> Result<String, Stop> {
        let text = decimals(number.trim_start_matches('-'), self.precision.unwrap_or(6), self.has('#'))?;
        Ok(self.filled(number.starts_with('-'), "", &text, true))
    }

    /// With one digit before the point, 6 behind it if no other number is given, and an exponent.
    fn scientific(&self, number: &str) -> Result<String, Stop> {
        let wanted = self.precision.unwrap_or(6);
        let (digits, mut exponent) = significant(number.trim_start_matches('-'));
        let (first, others) = if digits.is_empty() { ("0", "") } else { digits.split_at(1) };
        let point = if others.is_empty() { "" } else { "." };
        let mut text = decimals(&format!("{first}{point}{others}"), wanted, self.has('#'))?;
        if text.starts_with("10") {
            // 9.99 is rounded up to 10.0, which is 1.00 with another exponent.
            text = decimals("1", wanted, self.has('#'))?;
            exponent += 1;
        }
        let exponent = if digits.is_empty() { 0 } else { exponent };
        let direction = if exponent < 0 { '-' } else { '+' };
        let text = format!("{text}{}{direction}{:02}", self.mode, exponent.abs());
        Ok(self.filled(number.starts_with('-'), "", &text, true))
    }
}

/// A number without a sign, rounded to so many decimals.
fn decimals(size: &str, wanted: usize, with_point: bool) -> Result<String, Stop> {
    let (start, fraction) = size.split_once('.').unwrap_or((size, ""));
    let kept = &fraction[..wanted.min(fraction.len())];
    let cut = &fraction[kept.len()..];
    if cut.trim_end_matches('0') == "5" && !(wanted == 0 && fraction == "5") {
        // Whether it lies above or below the middle is decided by digits that are not there.
        return unknown("a number in the middle between two");
    }
    let mut digits: Vec<u8> = format!("{start}{kept}").into_bytes();
    let is_odd = digits.last().is_some_and(|digit| digit % 2 == 1);
    let up =
        cut.as_bytes().first().is_some_and(|first| *first > b'5') || cut.starts_with('5') && (cut.len() > 1 || is_odd);
    if up {
        if let Some(at) = digits.iter().rposition(|digit| *digit != b'9') {
            digits[at] += 1;
            digits[at + 1..].fill(b'0');
        } else {
            digits.fill(b'0');
            digits.insert(0, b'1');
        }
    }
    let digits = String::from_utf8(digits).unwrap_or_default();
    let (start, kept) = digits.split_at(digits.len() - kept.len());
    let point = if wanted > 0 || with_point { "." } else { "" };
    Ok(format!("{start}{point}{kept}{}", "0".repeat(wanted - kept.len())))
}

/// The digits of a number without a sign that say something, and the exponent of the first.
fn significant(size: &str) -> (String, i64) {
    let (start, fraction) = size.split_once('.').unwrap_or((size, ""));
    let all = format!("{start}{fraction}");
    let digits = all.trim_start_matches('0');
    let place = |count: usize| i64::try_from(count).unwrap_or_default();
    (digits.trim_end_matches('0').to_owned(), place(start.len()) - place(all.len() - digits.len()) - 1)
}

/// As `%g` writes a number: with an exponent from a million on, and below a ten-thousandth.
fn general(number: &str) -> String {
    let (sign, size) = if let Some(size) = number.strip_prefix('-') { ("-", size) } else { ("", number) };
    let (digits, exponent) = significant(size);
    if digits.is_empty() || (-4..6).contains(&exponent) {
        return number.to_owned();
    }
    let (first, others) = digits.split_at(1);
    let point = if others.is_empty() { "" } else { "." };
    let direction = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{first}{point}{others}e{direction}{:02}", exponent.abs())
}
