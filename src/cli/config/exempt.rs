//! `[[exempt]]`: instances of notebooks that keep root, with a reason and a last day.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use time::{Date, Month};
use toml::Spanned;
use toml::value::Datetime;

use crate::options::{Exemption, Exemptions};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    instances: Vec<String>,
    reason: String,
    #[serde(deserialize_with = "date")]
    until: Date,
}

/// Reads all entries, each with its place.
pub(super) fn listed<'de, D: Deserializer<'de>>(from: D) -> Result<Exemptions, D::Error> {
    let entries = Vec::<Spanned<Checked>>::deserialize(from)?;
    let listed = entries.into_iter().map(|entry| {
        let at = entry.span();
        let Checked(Entry { paths, instances, reason, until }) = entry.into_inner();
        Exemption { paths, instances, reason, until, at }
    });
    Ok(Exemptions { listed: listed.collect(), ..Exemptions::default() })
}

/// An entry that says what it has to.
struct Checked(Entry);

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let entry = Entry::deserialize(from)?;
        if entry.reason.trim().is_empty() {
            return Err(D::Error::custom("an exemption needs a reason"));
        }
        if entry.paths.is_empty() && entry.instances.is_empty() {
            return Err(D::Error::custom("an exemption needs `paths` or `instances`"));
        }
        Ok(Self(entry))
    }
}

/// Reads a date of TOML.
fn date<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    let wrong = || D::Error::custom("`until` takes a date, as 2027-06-30 without quotes");
    let written = Datetime::deserialize(from).map_err(|_| wrong())?;
    let date = written.date.filter(|_| written.time.is_none()).ok_or_else(wrong)?;
    let month = Month::try_from(date.month).map_err(|_| wrong())?;
    Date::from_calendar_date(date.year.into(), month, date.day).map_err(|_| wrong())
}
