//! Whether a value is among others, without comparing it to each: sets and lists of texts may be as long as a program is.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::data::{Data, ListKind, MapKind, Members, Traced, Values};
use super::operators::equal;

/// Among more values of which not every part is known no equal one is looked for.
const MOST_COMPARED: usize = 2000;

/// What is known of a value and those that it is looked for among.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Whether it is equal to one of them.
    pub(super) equal: bool,
    /// Whether it may be equal to one of them, as far as is known.
    pub(super) unsure: bool,
}

/// Values to look for others among.
#[derive(Debug, Default)]
pub(super) struct Among<'v> {
    primitive: BTreeMap<&'v Data, &'v Traced>,
    /// Collections of which every part is known, by their [`key`].
    known: BTreeMap<String, &'v Traced>,
    others: Vec<&'v Traced>,
    /// Whether one of them can be one of several values.
    has_alternatives: bool,
}

impl<'v> Among<'v> {
    pub(super) fn of(values: impl IntoIterator<Item = &'v Traced>) -> Self {
        let mut among = Self::default();
        for value in values {
            among.insert(value);
        }
        among
    }

    pub(super) fn insert(&mut self, value: &'v Traced) {
        if value.is_primitive() {
            self.primitive.insert(&value.data, value);
        } else if let Some(key) = key(&value.data) {
            self.known.insert(key, value);
        } else {
            self.others.push(value);
        }
    }

    /// As [`Among::insert`], of an element.
    pub(super) fn insert_element(&mut self, element: &'v Values) {
        match element.as_slice() {
            [only] => self.insert(only),
            _ => self.has_alternatives = true,
        }
    }

    /// As [`equal`] says of the value and each of those.
    pub(super) fn find(&self, value: &Traced) -> Found {
        if self.primitive.contains_key(&value.data) {
            return Found { equal: true, unsure: false };
        }
        let mut found = Found { equal: false, unsure: self.has_alternatives };
        let (primitive, known) = match value.data {
            _ if value.is_primitive() => (0, 0),
            // It may be some of them and not others, by what is known of it.
            Data::Unknown(_) => (self.primitive.len(), self.known.len()),
            // To a collection or `null` all that are primitive are alike, and to `null` all collections.
            Data::Null(_) => (1, 1),
            _ => match key(&value.data) {
                Some(key) if self.known.contains_key(&key) => return Found { equal: true, unsure: false },
                Some(_) => (1, 0),
                None => (1, self.known.len()),
            },
        };
        if primitive.max(known).max(self.others.len()) > MOST_COMPARED {
            return Found { unsure: true, ..found };
        }
        let known = self.known.values().take(known);
        for other in self.primitive.values().take(primitive).chain(known).chain(&self.others) {
            match equal(other, value) {
                Some(true) => found.equal = true,
                Some(false) => {}
                None => found.unsure = true,
            }
        }
        found
    }

    /// As [`Among::find`], of an element.
    pub(super) fn find_element(&self, element: &Values) -> Found {
        let is_empty =
            self.primitive.is_empty() && self.known.is_empty() && self.others.is_empty() && !self.has_alternatives;
        match element.as_slice() {
            [only] => self.find(only),
            _ => Found { equal: false, unsure: !is_empty },
        }
    }
}

/// A text that two collections share if they are equal, and only then; `None` where not every part of one is known.
fn key(data: &Data) -> Option<String> {
    let mut key = String::new();
    write_key(data, &mut key).map(|()| key)
}

fn write_key(data: &Data, key: &mut String) -> Option<()> {
    let element = |values: &Values, key: &mut String| match values.as_slice() {
        [only] => write_key(&only.data, key),
        _ => None,
    };
    match data {
        Data::Bool(flag) => _ = write!(key, "{flag},"),
        Data::Number(text) => _ = write!(key, "{text},"),
        Data::String(text) => _ = write!(key, "{text:?},"),
        Data::List(kind, items) => {
            match kind {
                ListKind::Tuple => key.push('('),
                ListKind::List(own) if own.is_certain() => _ = write!(key, "[{own:?}:"),
                ListKind::Set(own, Members::Ordered | Members::Distinct) if own.is_certain() => {
                    _ = write!(key, "<{own:?}:");
                    let mut members = Vec::with_capacity(items.len());
                    for item in items {
                        let mut member = String::new();
                        element(item, &mut member)?;
                        members.push(member);
                    }
                    members.sort_unstable();
                    key.push_str(&members.concat());
                    key.push(')');
                    return Some(());
                }
                _ => return None,
            }
            for item in items {
                element(item, key)?;
            }
            key.push(')');
        }
        Data::Object(kind, items) => {
            match kind {
                MapKind::Object => key.push('{'),
                MapKind::Map(own) if own.is_certain() => _ = write!(key, "{{{own:?}:"),
                _ => return None,
            }
            for (name, item) in items {
                _ = write!(key, "{name:?}=");
                element(item, key)?;
            }
            key.push(')');
        }
        Data::Null(_) | Data::Unknown(_) | Data::Error(_) => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use camino::Utf8PathBuf;

    use super::super::data::{ListKind, Origin, OriginKind};
    use super::super::types::Type;
    use super::*;
    use crate::source::{Location, SourceFile, Sources, Span};

    #[test]
    fn a_value_is_found_as_if_it_were_compared_to_each() {
        let sources = Sources::default();
        let location =
            Location { file: sources.add(SourceFile::new(Utf8PathBuf::from("x"), "")), span: Span::new(0, 0) };
        let value = |data| Traced::new(data, Origin { location, kind: OriginKind::Computed });
        let number = |text: &str| vec![value(Data::Number(text.to_owned()))];
        let set = |items: [Values; 2]| {
            Data::List(ListKind::Set(Type::Number, Members::Distinct), items.into_iter().collect())
        };
        let values = [
            Data::String("1".to_owned()),
            Data::Number("1".to_owned()),
            Data::Bool(true),
            Data::Null(Type::String),
            Data::Unknown("x".to_owned()),
            Data::List(ListKind::Tuple, Vec::new().into()),
            Data::List(ListKind::Open, Vec::new().into()),
            set([number("1"), number("2")]),
            set([number("2"), number("1")]),
            set([number("1"), vec![value(Data::Unknown("x".to_owned()))]]),
            Data::List(ListKind::List(Type::Number), [number("1")].into_iter().collect()),
            Data::Object(MapKind::Object, [("a".to_owned(), number("1"))].into_iter().collect()),
            Data::String("2".to_owned()),
        ]
        .map(value);
        for subset in 0..1_usize << values.len() {
            let those: Vec<&Traced> =
                (0..).zip(&values).filter(|(at, _)| subset >> at & 1 == 1).map(|(_, it)| it).collect();
            let among = Among::of(those.iter().copied());
            for value in &values {
                let compared: Vec<Option<bool>> = those.iter().map(|other| equal(other, value)).collect();
                let found = among.find(value);
                assert_eq!(found.equal, compared.contains(&Some(true)), "{value:?} among {those:?}");
                assert!(found.equal || found.unsure == compared.contains(&None), "{value:?} among {those:?}");
            }
        }
    }
}
