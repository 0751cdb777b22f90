//! Points in time: `formatdate`, `timeadd` and `timecmp`. None of them asks a clock.
//!
//! Source: go-cty, `function/stdlib/datetime.go`; Go, `time.ParseDuration`.

use std::fmt::Write as _;

use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

use super::outcome::{Call, Outcome, Stop, error, number, string, unknown};

/// Reads RFC 3339.
fn parse(text: &str) -> Result<OffsetDateTime, Stop> {
    read(text).map_or_else(|| error("a text that is no point in time"), Ok)
}

fn read(text: &str) -> Option<OffsetDateTime> {
    let digits = |range: std::ops::Range<usize>| {
        let part = text.get(range)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u16>().ok())?
    };
    let small = |range| u8::try_from(digits(range)?).ok();
    let is = |at: usize, wanted: u8| text.as_bytes().get(at) == Some(&wanted);
    if !(is(4, b'-') && is(7, b'-') && is(10, b'T') && is(13, b':') && is(16, b':')) {
        return None;
    }
    let month = Month::try_from(small(5..7)?).ok()?;
    let date = Date::from_calendar_date(i32::from(digits(0..4)?), month, small(8..10)?).ok()?;
    let rest = text.get(19..)?;
    let fraction = match rest.strip_prefix('.') {
        Some(after) => &after[..after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len())],
        None => "",
    };
    if rest.starts_with('.') && fraction.is_empty() {
        return None;
    }
    let zone = &rest[if fraction.is_empty() { 0 } else { fraction.len() + 1 }..];
    let nanoseconds = format!("{:0<9}", &fraction[..fraction.len().min(9)]).parse().ok()?;
    let time = Time::from_hms_nano(small(11..13)?, small(14..16)?, small(17..19)?, nanoseconds).ok()?;
    Some(date.with_time(time).assume_offset(offset(zone)?))
}

fn offset(zone: &str) -> Option<UtcOffset> {
    if zone == "Z" {
        return Some(UtcOffset::UTC);
    }
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = zone[1..].split_once(':')?;
    let part = |text: &str, below: i8| {
        let is_plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i8>().ok().filter(|part| is_plain && *part < below)
    };
    UtcOffset::from_hms(sign * part(hours, 24)?, sign * part(minutes, 60)?, 0).ok()
}

/// `+01:00`, or without the colon.
fn zone(moment: OffsetDateTime, colon: &str) -> String {
    let (hours, minutes, _) = moment.offset().as_hms();
    let sign = if moment.offset().is_negative() { '-' } else { '+' };
    format!("{sign}{:02}{colon}{:02}", hours.abs(), minutes.abs())
}

/// `Z`, or the distance from it.
fn short_zone(moment: OffsetDateTime) -> String {
    if moment.offset().is_utc() { "Z".to_owned() } else { zone(moment, ":") }
}

pub(super) fn format_date(call: &Call<'_, '_>) -> Outcome {
    let (mut rest, moment) = (call.text(0)?, parse(call.text(1)?)?);
    let mut result = String::new();
    while let Some(first) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("''") {
            result.push('\'');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('\'') {
            rest = quoted(after, &mut result)?;
        } else if first.is_ascii_alphabetic() {
            let length = rest.len() - rest.trim_start_matches(first).len();
            result.push_str(&part(moment, first, length)?);
            rest = &rest[length..];
        } else {
            result.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    string(result)
}

/// Takes over text up to a single quote; two of them are one in the text.
fn quoted<'t>(text: &'t str, into: &mut String) -> Result<&'t str, Stop> {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\'') {
        into.push_str(before);
        match after.strip_prefix('\'') {
            Some(after) => {
                into.push('\'');
                rest = after;
            }
            None => return Ok(after),
        }
    }
    error("a date format with a quote that does not end")
}

/// One part of a date, by its letter and how often that stands there.
fn part(moment: OffsetDateTime, letter: char, length: usize) -> Result<String, Stop> {
    let hour = moment.hour();
    let twelfth = if hour.is_multiple_of(12) { 12 } else { hour % 12 };
    let number = |value: u8| match length {
        1 => Ok(value.to_string()),
        2 => Ok(format!("{value:02}")),
        _ => error("a date format with a part that does not exist"),
    };
    match (letter, length) {
        ('Y', 2) => Ok(format!("{:02}", moment.year() % 100)),
        ('Y', 4) => Ok(format!("{:04}", moment.year())),
        ('M', 1 | 2) => number(moment.month().into()),
        ('M', 3) => Ok(moment.month().to_string()[..3].to_owned()),
        ('M', 4) => Ok(moment.month().to_string()),
        ('E', 3) => Ok(moment.weekday().to_string()[..3].to_owned()),
        ('E', 4) => Ok(moment.weekday().to_string()),
        ('D', _) => number(moment.day()),
        ('h', _) => number(hour),
        ('H', _) => number(twelfth),
        ('m', _) => number(moment.minute()),
        ('s', _) => number(moment.second()),
        ('A', 2) => Ok(if hour < 12 { "AM" } else { "PM" }.to_owned()),
        ('a', 2) => Ok(if hour < 12 { "am" } else { "pm" }.to_owned()),
        ('Z', 1) => Ok(short_zone(moment)),
        ('Z', 3) if moment.offset().is_utc() => Ok("UTC".to_owned()),
        ('Z', 3 | 4) => Ok(zone(moment, "")),
        ('Z', 5) => Ok(zone(moment, ":")),
        _ => error("a date format with a part that does not exist"),
    }
}

pub(super) fn time_add(call: &Call<'_, '_>) -> Outcome {
    let (moment, duration) = (parse(call.text(0)?)?, duration(call.text(1)?)?);
    let Some(moment) = moment.checked_add(time::Duration::nanoseconds(duration)) else {
        return unknown("a year of more than four digits");
    };
    let (date, time) = (moment.date(), moment.time());
    let mut text = format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day());
    _ = write!(text, "T{:02}:{:02}:{:02}{}", time.hour(), time.minute(), time.second(), short_zone(moment));
    if date.year() < 0 { unknown("a year before the first") } else { string(text) }
}

/// Nanoseconds, from numbers with units.
fn duration(text: &str) -> Result<i64, Stop> {
    let wrong = || error("a text that is no length of time");
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return wrong();
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let (count, behind) = rest.split_at(end);
        let end = behind.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(end);
        let size: i128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return wrong(),
        };
        let (whole, fraction) = count.split_once('.').unwrap_or((count, ""));
        if whole.len() + fraction.len() == 0 || fraction.contains('.') {
            return wrong();
        }
        if whole.len() > 19 || fraction.len() > 15 {
            return unknown("a length of time with many digits");
        }
        let digits = |text: &str| format!("0{text}").parse::<i128>().unwrap_or(0);
        let decimals = u32::try_from(fraction.len()).unwrap_or(0);
        total += digits(whole) * size + digits(fraction) * size / 10i128.pow(decimals);
        rest = behind;
    }
    i64::try_from(sign * total).or_else(|_| wrong())
}

/// Also takes an hour of one digit, and a comma before fractions of a second, which are not read here.
pub(super) fn time_compare(call: &Call<'_, '_>) -> Outcome {
    let moment = |at| match read(call.text(at)?) {
        Some(moment) => Ok(moment),
        None if call.text(at)?.get(4..5) == Some("-") => unknown("a point in time that is not read here"),
        None => error("a text that is no point in time"),
    };
    number(moment(0)?.cmp(&moment(1)?) as i8)
}
