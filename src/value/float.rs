//! Arithmetic as Terraform does it: binary numbers of 512 digits, each result rounded to the nearest, half to even.
//!
//! Source: go-cty, `cty.ParseNumberVal` and `Value.Add` and its kin; Go, `math/big`, `Float.Quo`, `Float.Text('f', -1)`.

use num_bigint::BigUint;

/// The binary digits of a number.
const DIGITS: u64 = 512;

/// Fractions of more decimal digits are not written out; the shortest text of a number may have 155 digits that say
/// something.
const MOST_DECIMALS: usize = 170;

/// `mantissa · 2^exponent`, of the sign; zero has none.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Float {
    is_negative: bool,
    mantissa: BigUint,
    exponent: i64,
}

/// The result of an operator on numbers in decimal notation, in the one way to write it; `None` if it is not computed
/// here.
///
/// Of a number that is the result of a function Terraform has fewer digits, and so it has of what is made of such numbers
/// alone: there must be one that was written as a fraction.
pub(super) fn arithmetic(one: &str, operator: &str, two: &str) -> Option<String> {
    let negated = |text: &str| text.strip_prefix('-').map_or_else(|| format!("-{text}"), str::to_owned);
    let has_sign = one.starts_with('-') != two.starts_with('-');
    match (one, operator, two) {
        ("0", "+", other) | (other, "+" | "-", "0") => return Some(other.to_owned()),
        ("0", "-", other) => return Some(negated(other)),
        ("0", "*" | "/", _) | (_, "*", "0") => return (!has_sign).then(|| "0".to_owned()),
        (_, "-", _) if one == two => return Some("0".to_owned()),
        (_, "+", _) if one == negated(two) => return Some("0".to_owned()),
        _ => {}
    }
    let (one, two) = (Float::read(one)?, Float::read(two)?);
    match operator {
        "+" => one.plus(&two),
        "-" => one.plus(&Float { is_negative: !two.is_negative, ..two }),
        "*" => {
            let is_negative = one.is_negative != two.is_negative;
            Some(Float::rounded(is_negative, &(one.mantissa * two.mantissa), one.exponent + two.exponent))
        }
        "/" => Some(one.divided_by(&two)),
        _ => None,
    }?
    .written()
}

impl Float {
    /// A number in the one way to write it, but for zero.
    fn read(text: &str) -> Option<Self> {
        let (is_negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let decimals = u32::try_from(fraction.len()).ok().filter(|_| fraction.len() <= MOST_DECIMALS)?;
        let units: BigUint = format!("{whole}{fraction}").parse().ok()?;
        if units == BigUint::ZERO || units.bits() > DIGITS + 64 {
            return None;
        }
        Some(Self::quotient(is_negative, &units, &BigUint::from(5_u32).pow(decimals), -i64::from(decimals)))
    }

    /// `one / two · 2^exponent`, rounded.
    fn quotient(is_negative: bool, one: &BigUint, two: &BigUint, exponent: i64) -> Self {
        // Enough digits of the quotient to round it, and a last one that says whether anything is left.
        let shift = (DIGITS + 2 + two.bits()).saturating_sub(one.bits());
        let shifted = one << shift;
        let (whole, rest) = (&shifted / two, &shifted % two);
        let sticky = u32::from(rest != BigUint::ZERO);
        let digits = (whole << 1_u32) + sticky;
        Self::rounded(is_negative, &digits, exponent - i64::try_from(shift).unwrap_or(0) - 1)
    }

    fn rounded(is_negative: bool, mantissa: &BigUint, exponent: i64) -> Self {
        let more = mantissa.bits().saturating_sub(DIGITS);
        let mut result = mantissa >> more;
        let rest = mantissa - (&result << more);
        if more > 0 {
            let half = BigUint::from(1_u32) << (more - 1);
            if rest > half || rest == half && result.bit(0) {
                result += 1_u32;
            }
        }
        // Equal numbers are written alike.
        let zeros = result.trailing_zeros().unwrap_or(0);
        let exponent = exponent + i64::try_from(more + zeros).unwrap_or(0);
        Self { is_negative, mantissa: result >> zeros, exponent }
    }

    /// The sum, unless it is zero or of numbers that are too far apart.
    fn plus(&self, other: &Self) -> Option<Self> {
        let exponent = self.exponent.min(other.exponent);
        let units = |number: &Self| {
            let shift = u64::try_from(number.exponent - exponent).ok().filter(|shift| *shift < 4 * DIGITS)?;
            Some(&number.mantissa << shift)
        };
        let (one, two) = (units(self)?, units(other)?);
        let (is_negative, sum) = match (self.is_negative == other.is_negative, one >= two) {
            (true, _) => (self.is_negative, one + two),
            (false, true) => (self.is_negative, one - two),
            (false, false) => (other.is_negative, two - one),
        };
        (sum != BigUint::ZERO).then(|| Self::rounded(is_negative, &sum, exponent))
    }

    fn divided_by(&self, other: &Self) -> Self {
        let is_negative = self.is_negative != other.is_negative;
        let exponent = self.exponent - other.exponent;
        Self::quotient(is_negative, &self.mantissa, &other.mantissa, exponent)
    }

    /// The shortest text that is read as this number.
    fn written(&self) -> Option<String> {
        // Few digits or nearly all that there are: nothing between is met.
        (1..=40).chain(140..=160).find_map(|digits| {
            let text = self.of_digits(digits)?;
            (Self::read(&text).as_ref() == Some(self)).then_some(text)
        })
    }

    /// The nearest decimal number of so many digits.
    fn of_digits(&self, digits: usize) -> Option<String> {
        // The place of the first digit, or one before.
        let bits = i64::try_from(self.mantissa.bits()).ok()? + self.exponent;
        let mut magnitude = (bits - 1) * 30103 / 100_000 - i64::from(bits < 1);
        let decimals = |magnitude: i64| Some(i64::try_from(digits).ok()? - 1 - magnitude);
        let mut units = self.times_power_of_ten(decimals(magnitude)?)?;
        if units.to_string().len() > digits {
            magnitude += 1;
            units = self.times_power_of_ten(decimals(magnitude)?)?;
        }
        let text = placed(self.is_negative, &units.to_string(), decimals(magnitude)?);
        Some(text).filter(|text| text.len() < MOST_DECIMALS)
    }

    /// The size times a power of ten, as the nearest whole number.
    fn times_power_of_ten(&self, power: i64) -> Option<BigUint> {
        let (mut up, mut down) = (self.mantissa.clone(), BigUint::from(1_u32));
        let by = u32::try_from(power.unsigned_abs()).ok().filter(|by| u64::from(*by) < 4 * DIGITS)?;
        let twos = Some(self.exponent.unsigned_abs()).filter(|twos| *twos < 8 * DIGITS)?;
        *(if power < 0 { &mut down } else { &mut up }) *= BigUint::from(10_u32).pow(by);
        *(if self.exponent < 0 { &mut down } else { &mut up }) <<= twos;
        Some(((up << 1_u32) + &down) / (down << 1_u32))
    }
}

/// Digits with so many of them behind the point.
fn placed(is_negative: bool, digits: &str, decimals: i64) -> String {
    let sign = if is_negative { "-" } else { "" };
    let Ok(decimals) = usize::try_from(decimals) else {
        let zeros = usize::try_from(decimals.unsigned_abs()).unwrap_or(0);
        return format!("{sign}{digits}{}", "0".repeat(zeros));
    };
    let padded = format!("{digits:0>width$}", width = decimals + 1);
    let (whole, fraction) = padded.split_at(padded.len() - decimals);
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The right sides are what `terraform console` of 1.11.4 says.
    #[test]
    fn results_are_those_of_terraform() {
        let nines = |digits: usize, last: &str| format!("{}{last}", "9".repeat(digits));
        let zeros = |digits: usize, last: &str| format!("{}{last}", "0".repeat(digits));
        for (one, operator, two, expected) in [
            ("0.1", "+", "0.2", "0.3".to_owned()),
            ("0.1", "*", "3", "0.3".to_owned()),
            ("0.3", "/", "0.1", "3".to_owned()),
            ("0.7", "/", "7", "0.1".to_owned()),
            ("0.2", "*", "-5", "-1".to_owned()),
            ("-0.1", "-", "0.2", "-0.3".to_owned()),
            ("0.000000001", "*", "3", "0.000000003".to_owned()),
            ("0.1", "+", "1000000000000000000000000000000", "1000000000000000000000000000000.1".to_owned()),
            ("0.1", "-", "0.1", "0".to_owned()),
            ("0", "-", "0.1", "-0.1".to_owned()),
            ("0.1", "*", "0", "0".to_owned()),
            ("2.3", "+", "4.4", "6.7".to_owned()),
            ("100", "*", "1.1", "110".to_owned()),
            ("19.99", "*", "100", "1999".to_owned()),
            ("1", "-", "0.9", format!("0.1{}", zeros(153, "3"))),
            ("0.7", "-", "0.1", format!("0.5{}", nines(153, "6"))),
            ("1.1", "+", "2.2", format!("3.3{}", zeros(152, "2"))),
            ("1.1", "*", "1.1", format!("1.21{}", zeros(151, "1"))),
        ] {
            assert_eq!(arithmetic(one, operator, two).as_deref(), Some(expected.as_str()), "{one} {operator} {two}");
        }
        for (one, operator, two) in [("0", "*", "-0.1"), ("0.1", "/", "0"), ("0.5", "%", "0.3")] {
            assert_eq!(arithmetic(one, operator, two), None, "{one} {operator} {two}");
        }
    }
}
