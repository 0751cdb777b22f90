//! Long lists of JSON, of which only what is about notebooks is kept while reading.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, SeqAccess, Visitor};

use crate::control;

/// An entry of a list of resources, most of which are not about notebooks.
pub trait Entry: for<'de> Deserialize<'de> {
    /// The part of an entry that is kept.
    type Kept;

    /// The notebook; `None` for another resource.
    ///
    /// # Errors
    /// Where it is about a notebook and cannot be understood: it must not get lost.
    fn kept(self) -> Result<Option<Self::Kept>, serde_json::Error>;
}

/// Those entries of a list that are about notebooks; the others are dropped one by one.
#[derive(Debug)]
pub struct Kept<T: Entry>(pub(super) Vec<T::Kept>);

impl<T: Entry> Default for Kept<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Entry> Deserialize<'de> for Kept<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);
        impl<'de, T: Entry> Visitor<'de> for Entries<T> {
            type Value = Kept<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of resources")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
                let mut kept = Vec::new();
                while let Some(entry) = entries.next_element::<T>()? {
                    kept.extend(entry.kept().map_err(A::Error::custom)?);
                }
                Ok(Kept(kept))
            }
        }
        deserializer.deserialize_seq(Entries(PhantomData))
    }
}

/// Whether a resource of a mode and type creates a notebook instance; a data source creates nothing.
pub(super) fn creates_notebook(mode: &str, kind: &str) -> bool {
    mode != "data" && control::is_notebook(kind)
}
