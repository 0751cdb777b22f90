//! Numbers, exact, in decimal notation.
//!
//! Terraform computes with 512 bits of precision. Here a number is the text of its decimal notation without exponent and
//! without zeros that say nothing, so that equal numbers are equal texts; arithmetic is that of whole numbers, and
//! everything else is not computed.

use std::cmp::Ordering;

/// More digits than this are not written out.
const MOST_DIGITS: usize = 130;

/// The one way to write a number; `None` if the text is none, or one of too many digits, or -0, which Terraform prints
/// with its sign.
#[must_use]
pub(super) fn canonical(text: &str) -> Option<String> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => ("-", &text[1..]),
        b'+' => ("", &text[1..]),
        _ => ("", text),
    };
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (digits, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let most = i64::try_from(MOST_DIGITS).ok()?;
    let point = i64::try_from(whole.len()).ok()? + i64::from(exponent);
    if whole.len() + fraction.len() > MOST_DIGITS || !(-most..=most).contains(&point) {
        return None;
    }
    let all = format!("{whole}{fraction}");
    let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
    let length = i64::try_from(all.len()).ok()?;
    let (whole, fraction) = if point <= 0 {
        (String::new(), zeros(-point) + &all)
    } else if point >= length {
        (all + &zeros(point - length), String::new())
    } else {
        let at = usize::try_from(point).ok()?;
        (all[..at].to_owned(), all[at..].to_owned())
    };
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    Some(match (whole, fraction) {
        ("", "") if sign.is_empty() => "0".to_owned(),
        ("", "") => return None,
        ("", fraction) => format!("{sign}0.{fraction}"),
        (whole, "") => format!("{sign}{whole}"),
        (whole, fraction) => format!("{sign}{whole}.{fraction}"),
    })
}

/// A whole number.
#[must_use]
pub(super) fn whole(text: &str) -> Option<i128> {
    text.parse().ok()
}

/// The order of two numbers in the one way to write them.
#[must_use]
pub(super) fn compare(one: &str, two: &str) -> Ordering {
    let parts = |text: &'_ str| -> (bool, String, String) {
        let (whole, fraction) =
            text.trim_start_matches('-').split_once('.').unwrap_or((text.trim_start_matches('-'), ""));
        (text.starts_with('-'), whole.to_owned(), fraction.to_owned())
    };
    let ((one_below, one_whole, one_fraction), (two_below, two_whole, two_fraction)) = (parts(one), parts(two));
    let size = one_whole
        .len()
        .cmp(&two_whole.len())
        .then_with(|| one_whole.cmp(&two_whole))
        .then_with(|| one_fraction.cmp(&two_fraction));
    match (one_below, two_below) {
        (false, false) => size,
        (true, true) => size.reverse(),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    }
}

/// Arithmetic on whole numbers; `None` if the result is not computed here.
#[must_use]
pub(super) fn arithmetic(one: &str, operator: &str, two: &str) -> Option<String> {
    let (one, two) = (whole(one)?, whole(two)?);
    let result = match operator {
        "+" => one.checked_add(two),
        "-" => one.checked_sub(two),
        "*" => one.checked_mul(two),
        "/" => one.checked_rem(two).filter(|rest| *rest == 0).and_then(|_| one.checked_div(two)),
        "%" => one.checked_rem(two),
        _ => None,
    };
    // With a sign a zero is -0.
    let has_sign = match operator {
        "*" => (one < 0) != (two < 0),
        "/" => one == 0 && two < 0,
        _ => false,
    };
    result.filter(|number| *number != 0 || !has_sign).map(|number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_way_to_write_a_number() {
        for (text, expected) in [
            ("1.50", "1.5"),
            ("1e3", "1000"),
            ("007", "7"),
            ("12.5e-2", "0.125"),
            ("9007199254740993", "9007199254740993"),
            ("0.10", "0.1"),
        ] {
            assert_eq!(canonical(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "-", "1e", "0x1", " 1", "1_0", "inf", "1e400", "-0", "-0.0"] {
            assert_eq!(canonical(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_have_an_order() {
        for (one, two) in [("9", "10"), ("-10", "-9"), ("-1", "0"), ("0.1", "0.12"), ("1.9", "2")] {
            assert_eq!(compare(one, two), Ordering::Less, "{one} {two}");
        }
    }
}
