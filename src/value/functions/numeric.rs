//! Functions of numbers.
//!
//! Source: go-cty, `function/stdlib/number.go`; Terraform, `internal/lang/funcs/number.go`.

use super::super::number::{compare, whole};
use super::outcome::{Call, Outcome, Stop, error, number, unknown};

/// A longer number is not read.
const MOST_DIGITS: usize = 130;

pub(super) fn abs(call: &Call<'_, '_>) -> Outcome {
    number(call.number(0)?.trim_start_matches('-'))
}

pub(super) fn signum(call: &Call<'_, '_>) -> Outcome {
    number(call.integer(0)?.signum())
}

pub(super) fn ceil(call: &Call<'_, '_>) -> Outcome {
    rounded(call.number(0)?, false)
}

pub(super) fn floor(call: &Call<'_, '_>) -> Outcome {
    rounded(call.number(0)?, true)
}

/// The nearest whole number below or above.
fn rounded(text: &str, below: bool) -> Outcome {
    let Some((start, _)) = text.split_once('.') else { return number(text) };
    let (sign, digits) = start.strip_prefix('-').map_or(("", start), |digits| ("-", digits));
    let size = if sign.is_empty() == below { digits.to_owned() } else { next(digits) };
    match (sign, size.as_str()) {
        ("-", "0") => number(0),
        _ => number(format!("{sign}{size}")),
    }
}

/// The number after a whole one without a sign.
fn next(digits: &str) -> String {
    let nines = digits.len() - digits.trim_end_matches('9').len();
    let (start, last) = digits[..digits.len() - nines].split_at(digits.len().saturating_sub(nines + 1));
    let last = last.bytes().next().map_or('1', |digit| char::from(digit + 1));
    format!("{start}{last}{}", "0".repeat(nines))
}

pub(super) fn min(call: &Call<'_, '_>) -> Outcome {
    let numbers = numbers(call)?.into_iter().min_by(|one, two| compare(one, two));
    numbers.map_or_else(|| error("the least of no numbers"), number)
}

pub(super) fn max(call: &Call<'_, '_>) -> Outcome {
    let numbers = numbers(call)?.into_iter().max_by(|one, two| compare(one, two));
    numbers.map_or_else(|| error("the greatest of no numbers"), number)
}

fn numbers<'v>(call: &Call<'_, 'v>) -> Result<Vec<&'v str>, Stop> {
    (0..call.arguments.len()).map(|at| call.number(at)).collect()
}

/// Terraform computes with 64-bit floating point. Powers of whole numbers are exact there as long as they fit.
pub(super) fn pow(call: &Call<'_, '_>) -> Outcome {
    let (base, power) = (call.number(0)?, call.number(1)?);
    let Some(power) = whole(power).and_then(|power| i32::try_from(power).ok()) else {
        return unknown("a power of other than a whole number");
    };
    let exact = base.parse::<i64>().ok().filter(|_| power >= 0).and_then(|base| {
        let result = base.checked_pow(power.unsigned_abs())?;
        (result.unsigned_abs() < 1 << 53).then_some(result)
    });
    // The powers of 2 have no other digits to lose.
    let is_two = matches!(base, "2" | "-2" | "4" | "0.5" | "1" | "-1");
    match (exact, base.parse::<f64>()) {
        (Some(exact), _) => number(exact),
        (None, Ok(base)) if is_two && power.abs() < 100 => number(base.powi(power)),
        _ => unknown("a power that is not exact"),
    }
}

/// Terraform divides the natural logarithms, each rounded to 64-bit floating point. How the last bit is rounded differs
/// among machines: what two ways to compute it do not agree on is not known.
pub(super) fn log(call: &Call<'_, '_>) -> Outcome {
    let float = |at| -> Result<f64, Stop> { Ok(call.number(at)?.parse().unwrap_or(f64::NAN)) };
    let (value, base) = (float(0)?, float(1)?);
    if value < 0.0 || base < 0.0 {
        return error("the logarithm of a negative number");
    }
    match value.ln() / base.ln() {
        result if result.is_finite() && result.to_bits() != (natural(value) / natural(base)).to_bits() => {
            unknown("a logarithm whose last digit is not certain")
        }
        result if result.is_nan() => error("a logarithm that is no number"),
        result if result.is_infinite() => unknown("an infinite number"),
        result if result == 0.0 && result.is_sign_negative() => unknown("a zero with a sign"),
        result => number(result),
    }
}

/// The natural logarithm of a positive number, step by step as Go computes it.
///
/// Source: Go, `math/log.go`, which is that of FreeBSD.
fn natural(value: f64) -> f64 {
    const LN2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
    const LN2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
    const COEFFICIENTS: [f64; 7] = [
        f64::from_bits(0x3fe5_5555_5555_5593),
        f64::from_bits(0x3fd9_9999_9997_fa04),
        f64::from_bits(0x3fd2_4924_9422_9359),
        f64::from_bits(0x3fcc_71c5_1d8e_78af),
        f64::from_bits(0x3fc7_4664_96cb_03de),
        f64::from_bits(0x3fc3_9a09_d078_c69f),
        f64::from_bits(0x3fc2_f112_df3e_5244),
    ];
    const EXPONENT: u64 = 0x7ff << 52;
    const HALF: u64 = 0x3fe << 52;
    let bits = value.to_bits();
    let mut exponent = f64::from(u16::try_from((bits & EXPONENT) >> 52).unwrap_or_default()) - 1022.0;
    let mut fraction = f64::from_bits(bits & !EXPONENT | HALF);
    if fraction < std::f64::consts::FRAC_1_SQRT_2 {
        fraction *= 2.0;
        exponent -= 1.0;
    }
    let f = fraction - 1.0;
    let s = f / (2.0 + f);
    let (s2, [c1, c2, c3, c4, c5, c6, c7]) = (s * s, COEFFICIENTS);
    let s4 = s2 * s2;
    let odd = s2 * (c1 + s4 * (c3 + s4 * (c5 + s4 * c7)));
    let even = s4 * (c2 + s4 * (c4 + s4 * c6));
    let half = 0.5 * f * f;
    exponent * LN2_HIGH - ((half - (s * (half + (odd + even)) + exponent * LN2_LOW)) - f)
}

/// Digits, then small letters, then capitals; the latter two are the same where the base has no more than 36 digits.
pub(super) fn parse_int(call: &Call<'_, '_>) -> Outcome {
    let (text, base) = (call.text(0)?, call.integer(1)?);
    let Some(base) = u8::try_from(base).ok().filter(|base| (2..=62).contains(base)) else {
        return error("a base that is not from 2 to 62");
    };
    let (digits, sign) = match text.strip_prefix('-') {
        Some(digits) => (digits, "-"),
        None => (text.strip_prefix('+').unwrap_or(text), ""),
    };
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'z' => Some(digit - b'a' + 10),
        b'A'..=b'Z' if base <= 36 => Some(digit - b'A' + 10),
        b'A'..=b'Z' => Some(digit - b'A' + 36),
        _ => None,
    };
    let values: Option<Vec<u8>> = digits.bytes().map(|digit| value(digit).filter(|value| *value < base)).collect();
    let Some(values) = values.filter(|values| !values.is_empty()) else {
        return error("a text that is no number of this base");
    };
    // In decimal notation, the last digit first.
    let mut total: Vec<u8> = Vec::new();
    for value in values {
        let mut carry = u16::from(value);
        for digit in &mut total {
            carry += u16::from(*digit) * u16::from(base);
            *digit = u8::try_from(carry % 10).unwrap_or_default();
            carry /= 10;
        }
        while carry > 0 {
            total.push(u8::try_from(carry % 10).unwrap_or_default());
            carry /= 10;
        }
        if total.len() > MOST_DIGITS {
            return unknown("a number with too many digits");
        }
    }
    let digits: String = total.iter().rev().map(|digit| char::from(b'0' + digit)).collect();
    if digits.is_empty() { number(0) } else { number(format!("{sign}{digits}")) }
}
