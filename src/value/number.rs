//! Numbers, exact, in decimal notation.
//!
//! Terraform computes with 512 bits of precision. Here a number is the text of its decimal notation without exponent and
//! without zeros that say nothing, so that equal numbers are equal texts. Arithmetic on whole numbers, and on halves of
//! them, is exact; with other fractions it is rounded as Terraform does.

use std::cmp::Ordering;

use super::float;

/// More digits than this are not written out.
const MOST_DIGITS: usize = 130;

/// A fraction with more digits may be the result of a function, which has 17 at most.
const MOST_WRITTEN: usize = 12;

/// A number with so many digits can only be one that is rounded to 512 binary digits.
const LEAST_ROUNDED: usize = 100;

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

/// The result of an operator on two numbers; `None` if it is not computed here.
#[must_use]
pub(super) fn arithmetic(one: &str, operator: &str, two: &str) -> Option<String> {
    // Functions compute with fewer digits than what is written as a fraction has.
    let is_written = |number: &str| {
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        Binary::read(number).is_none() && number.contains('.') && (digits <= MOST_WRITTEN || digits >= LEAST_ROUNDED)
    };
    exact(one, operator, two).or_else(|| {
        let has_all_digits = is_written(one) || is_written(two);
        has_all_digits.then(|| float::arithmetic(one, operator, two)).flatten()
    })
}

/// The result where Terraform has the numbers exactly, as it has whole numbers and halves of them.
fn exact(one: &str, operator: &str, two: &str) -> Option<String> {
    let (one, two) = (Binary::read(one)?, Binary::read(two)?);
    let result = match operator {
        "+" => one.plus(two),
        "-" => one.plus(Binary { units: two.units.checked_neg()?, ..two }),
        "*" => Some(Binary { units: one.units.checked_mul(two.units)?, halvings: one.halvings + two.halvings }),
        "/" => one.divided_by(two),
        "%" if one.halvings + two.halvings == 0 => {
            Some(Binary { units: one.units.checked_rem(two.units)?, halvings: 0 })
        }
        _ => None,
    }?;
    // With a sign a zero is -0.
    let has_sign = match operator {
        "*" => (one.units < 0) != (two.units < 0),
        "/" => one.units == 0 && two.units < 0,
        _ => false,
    };
    if result.units == 0 && has_sign { None } else { result.written() }
}

/// A whole number that is halved some times.
#[derive(Clone, Copy)]
struct Binary {
    units: i128,
    halvings: u32,
}

impl Binary {
    /// A number in the one way to write it, if it has an end in binary notation too.
    fn read(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let halvings = u32::try_from(fraction.len()).ok()?;
        let tenths: i128 = format!("{whole}{fraction}").parse().ok()?;
        let fives = 5_i128.checked_pow(halvings)?;
        (tenths % fives == 0).then_some(Self { units: tenths / fives, halvings })
    }

    fn plus(self, other: Self) -> Option<Self> {
        let halvings = self.halvings.max(other.halvings);
        let units = |number: Self| number.units.checked_mul(2_i128.checked_pow(halvings - number.halvings)?);
        Some(Self { units: units(self)?.checked_add(units(other)?)?, halvings })
    }

    /// The quotient, if it has an end.
    fn divided_by(self, other: Self) -> Option<Self> {
        let twos = other.units.checked_abs().filter(|units| *units != 0)?.trailing_zeros();
        let odd = other.units >> twos;
        if self.units % odd != 0 {
            return None;
        }
        let (units, halvings) = (self.units / odd, self.halvings + twos);
        let doubled = units.checked_mul(2_i128.checked_pow(other.halvings.saturating_sub(halvings))?)?;
        Some(Self { units: doubled, halvings: halvings.saturating_sub(other.halvings) })
    }

    fn written(self) -> Option<String> {
        let tenths = self.units.checked_mul(5_i128.checked_pow(self.halvings)?)?;
        canonical(&format!("{tenths}e-{}", self.halvings))
    }
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
    fn what_is_exact_is_computed() {
        for (one, operator, two, expected) in [
            ("1.5", "*", "2", Some("3")),
            ("7", "/", "2", Some("3.5")),
            ("-7", "/", "0.5", Some("-14")),
            ("0.25", "+", "1.5", Some("1.75")),
            ("0.25", "-", "1.5", Some("-1.25")),
            ("6", "/", "3", Some("2")),
            ("-7", "%", "3", Some("-1")),
            ("1", "/", "3", None),
            ("0.1", "+", "0.2", Some("0.3")),
            ("0.1", "*", "0.5", Some("0.05")),
            ("0.30102999566398114", "+", "1", None),
            ("0", "*", "-1", None),
            ("1", "/", "0", None),
            ("1.5", "%", "1", None),
            ("170141183460469231731687303715884105727", "+", "1", None),
        ] {
            assert_eq!(arithmetic(one, operator, two).as_deref(), expected, "{one} {operator} {two}");
        }
    }

    #[test]
    fn numbers_have_an_order() {
        for (one, two) in [("9", "10"), ("-10", "-9"), ("-1", "0"), ("0.1", "0.12"), ("1.9", "2")] {
            assert_eq!(compare(one, two), Ordering::Less, "{one} {two}");
        }
    }
}
