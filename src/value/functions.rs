//! The functions of the Terraform language that turn up around such values; all others are unknown.
//!
//! Source: Terraform language, "Built-in Functions". Functions that pass a value on keep its origin.

use std::collections::BTreeMap;

use super::collections::{elements, select};
use super::data::{Data, Traced, Values, alternatives, combinations};
use super::eval::{Evaluator, Scope, computed};
use super::operators::{Plain, lift, plain};
use crate::source::Location;
use crate::syntax::tree::Expr;

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The values of a function call.
    pub(super) fn call(
        &self,
        name: &str,
        args: &[Expr],
        expand: bool,
        location: Location,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Values {
        let mut values: Vec<Values> = args.iter().map(|arg| self.eval(arg, location.file, scope)).collect();
        let unknown = |values: &[Values]| {
            let unknown = Traced::unknown(format!("the result of the function {name}"), location);
            vec![values.iter().flatten().fold(unknown, super::data::Traced::because_of)]
        };
        if expand {
            let last = values.pop().unwrap_or_default();
            if let [Traced { data: Data::List(items), .. }] = last.as_slice() {
                values.extend(items.iter().cloned());
            } else {
                values.push(last);
                return unknown(&values);
            }
        }
        let name = name.strip_prefix("core::").unwrap_or(name);
        match (name, values.as_slice()) {
            ("try", [_, ..]) => first_valid(&values),
            ("can", [value]) => lift_any(value, location, |value| match value.data {
                Data::Error(_) => Some(Data::Bool(false)),
                Data::Unknown(_) => None,
                _ => Some(Data::Bool(true)),
            }),
            ("coalesce", [_, ..]) => first_set(&values, location),
            ("lookup", [map, key, rest @ ..]) => lookup(map, key, rest.first(), location),
            ("element", [list, index]) => element(list, index, location),
            ("one", [list]) => one(list, location),
            ("merge", [_, ..]) => merge(&values, location),
            ("concat", [_, ..]) => concat(&values, location),
            ("sensitive" | "nonsensitive" | "ephemeralasnull" | "tolist" | "tomap", [value]) => value.clone(),
            ("toset", [value]) => value.iter().cloned().map(Traced::into_set).collect(),
            ("length" | "keys", [value]) => {
                // What the elements are is of no matter, only which there are.
                let followed = value.iter().any(|value| value.followed);
                let results = lift(&values, location, |values| compute(name, values));
                results.into_iter().map(|result| Traced { followed, ..result }).collect()
            }
            ("tostring" | "tobool" | "tonumber", [value]) => {
                let converted = value.iter().map(|value| primitive(name, value.clone()));
                alternatives(converted)
            }
            ("values", [value]) => alternatives(value.iter().map(|value| match elements(value) {
                Some(items) => {
                    let list = Data::List(items.into_iter().map(|(_, item)| item).collect());
                    computed(list, location).because_of(value)
                }
                None => value.clone(),
            })),
            _ if is_computed(name) => lift(&values, location, |values| compute(name, values)),
            _ => unknown(&values),
        }
    }
}

/// Applies a function to each alternative, also to those that are not known.
fn lift_any(values: &Values, location: Location, apply: impl Fn(&Traced) -> Option<Data>) -> Values {
    alternatives(values.iter().map(|value| match apply(value) {
        Some(data) => computed(data, location).because_of(value),
        None => value.clone(),
    }))
}

/// `try`: the first argument that is no error.
fn first_valid(arguments: &[Values]) -> Values {
    let Some((first, rest)) = arguments.split_first() else { return Vec::new() };
    alternatives(first.iter().flat_map(|value| match value.data {
        Data::Error(_) if !rest.is_empty() => {
            first_valid(rest).into_iter().map(|other| other.because_of(value)).collect()
        }
        // What is not known may turn out to be an error.
        Data::Unknown(_) => vec![following(value, rest)],
        _ => vec![value.clone()],
    }))
}

/// A value that is not known, and in the place of which one of `others` may be.
fn following(value: &Traced, others: &[Values]) -> Traced {
    let followed = others.iter().flatten().any(Traced::is_followed);
    Traced { followed: value.followed || followed, ..value.clone() }
}

/// `coalesce`: the first argument that is neither `null` nor an empty string.
fn first_set(arguments: &[Values], location: Location) -> Values {
    let Some((first, rest)) = arguments.split_first() else {
        return vec![computed(Data::Error("nothing to coalesce".to_owned()), location)];
    };
    alternatives(first.iter().flat_map(|value| match &value.data {
        Data::Null => first_set(rest, location).into_iter().map(|other| other.because_of(value)).collect(),
        Data::String(text) if text.is_empty() => {
            first_set(rest, location).into_iter().map(|other| other.because_of(value)).collect()
        }
        Data::Unknown(_) => vec![following(value, rest)],
        _ => vec![value.clone()],
    }))
}

fn lookup(map: &Values, key: &Values, default: Option<&Values>, location: Location) -> Values {
    let found = select_each(map, key, location);
    alternatives(found.into_iter().flat_map(|value| match (&value.data, default) {
        (Data::Error(_), Some(default)) => default.iter().map(|other| other.clone().because_of(&value)).collect(),
        (Data::Unknown(_), Some(default)) => vec![following(&value, std::slice::from_ref(default))],
        _ => vec![value],
    }))
}

fn select_each(collection: &Values, index: &Values, location: Location) -> Values {
    alternatives(collection.iter().flat_map(|collection| select(collection, index, location)))
}

/// `element`: an index beyond the end starts again at the front.
fn element(list: &Values, index: &Values, location: Location) -> Values {
    alternatives(list.iter().flat_map(|list| {
        let wrapped: Values = index
            .iter()
            .map(|index| match (&list.data, &index.data) {
                (Data::List(items), Data::Number(text)) if !items.is_empty() => {
                    let at = text.parse::<usize>().unwrap_or(0) % items.len();
                    Traced { data: Data::Number(at.to_string()), ..index.clone() }
                }
                _ => index.clone(),
            })
            .collect();
        select(list, &wrapped, location)
    }))
}

fn one(list: &Values, location: Location) -> Values {
    alternatives(list.iter().flat_map(|list| match elements(list).as_deref() {
        Some([]) => vec![computed(Data::Null, location).because_of(list)],
        Some([(_, value)]) => value.clone(),
        Some(_) => vec![Traced::new(Data::Error("more than one element".to_owned()), list.origin)],
        None => vec![list.clone()],
    }))
}

fn merge(maps: &[Values], location: Location) -> Values {
    let too_many = || vec![Traced::unknown("more possible values than can be told apart", location)];
    let Some(combinations) = combinations(maps) else { return too_many() };
    alternatives(combinations.into_iter().map(|maps| {
        let mut merged = BTreeMap::new();
        let mut result = computed(Data::Null, location);
        for map in maps {
            match &map.data {
                Data::Object(items) => merged.extend(items.clone()),
                Data::Null => {}
                _ => return map.clone(),
            }
            result.hops.extend(map.hops.iter().cloned());
            result.followed |= map.followed;
        }
        Traced { data: Data::Object(merged), ..result }
    }))
}

fn concat(lists: &[Values], location: Location) -> Values {
    let Some(combinations) = combinations(lists) else {
        return vec![Traced::unknown("more possible values than can be told apart", location)];
    };
    alternatives(combinations.into_iter().map(|lists| {
        let mut items = Vec::new();
        let mut result = computed(Data::Null, location);
        for list in lists {
            match &list.data {
                Data::List(more) => items.extend(more.clone()),
                _ => return list.clone(),
            }
            result.hops.extend(list.hops.iter().cloned());
            result.followed |= list.followed;
        }
        Traced { data: Data::List(items), ..result }
    }))
}

/// A conversion between primitive types; the literal that stands there stays the origin.
fn primitive(name: &str, mut value: Traced) -> Traced {
    if matches!(value.data, Data::Null | Data::Unknown(_) | Data::Error(_)) {
        return value;
    }
    let converted = match name {
        "tobool" => value.as_bool().map(Data::Bool),
        "tonumber" => value.as_text().filter(|text| text.parse::<f64>().is_ok()).map(Data::Number),
        _ => value.as_text().map(Data::String),
    };
    value.data = converted.unwrap_or_else(|| Data::Error(format!("{name} of something else")));
    value
}

fn is_computed(name: &str) -> bool {
    [
        "lower",
        "upper",
        "title",
        "trimspace",
        "trim",
        "trimprefix",
        "trimsuffix",
        "replace",
        "join",
        "split",
        "format",
        "startswith",
        "endswith",
        "strcontains",
        "length",
        "keys",
        "contains",
        "alltrue",
        "anytrue",
        "distinct",
        "compact",
        "not",
    ]
    .contains(&name)
}

/// A function of known arguments.
fn compute(name: &str, arguments: &[&Traced]) -> Result<Data, String> {
    let unable = || format!("the result of the function {name}");
    let texts: Option<Vec<String>> = arguments.iter().map(|argument| argument.as_text()).collect();
    let texts = texts.unwrap_or_default();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let string = |text: &str| Ok(Data::String(text.to_owned()));
    match (name, texts.as_slice()) {
        ("lower", [text]) => string(&text.to_lowercase()),
        ("upper", [text]) => string(&text.to_uppercase()),
        ("title", [text]) => string(&title(text)),
        ("trimspace", [text]) => string(text.trim()),
        ("trim", [text, cut]) => string(text.trim_matches(|c| cut.contains(c))),
        ("trimprefix", [text, prefix]) => string(text.strip_prefix(prefix).unwrap_or(text)),
        ("trimsuffix", [text, suffix]) => string(text.strip_suffix(suffix).unwrap_or(text)),
        ("replace", [_, from, _]) if from.starts_with('/') && from.ends_with('/') && from.len() > 1 => Err(unable()),
        ("replace", [text, from, to]) => string(&text.replace(from, to)),
        ("format", [format, arguments @ ..]) => formatted(format, arguments).map(Data::String).ok_or_else(unable),
        ("split", [separator, text]) => {
            let location = arguments[1].origin.location;
            let part = |part: &str| vec![computed(Data::String(part.to_owned()), location)];
            Ok(Data::List(text.split(separator).map(part).collect()))
        }
        ("startswith", [text, part]) => Ok(Data::Bool(text.starts_with(part))),
        ("endswith", [text, part]) => Ok(Data::Bool(text.ends_with(part))),
        ("strcontains", [text, part]) => Ok(Data::Bool(text.contains(part))),
        ("length", [text]) => Ok(Data::Number(text.chars().count().to_string())),
        _ => of_collection(name, arguments).ok_or_else(unable),
    }
}

fn of_collection(name: &str, arguments: &[&Traced]) -> Option<Data> {
    let items = |value: &Traced| elements(value);
    match (name, arguments) {
        ("length", [list]) => Some(Data::Number(items(list)?.len().to_string())),
        ("keys", [map]) => Some(Data::List(items(map)?.into_iter().map(|(key, _)| key).collect())),
        ("contains", [list, wanted]) => {
            let wanted = plain(wanted)?;
            let all: Option<Vec<Plain>> = items(list)?.iter().map(|(_, item)| single(item).and_then(plain)).collect();
            Some(Data::Bool(all?.contains(&wanted)))
        }
        ("alltrue" | "anytrue", [list]) => {
            let all: Option<Vec<bool>> =
                items(list)?.iter().map(|(_, item)| single(item).and_then(Traced::as_bool)).collect();
            let all = all?;
            Some(Data::Bool(if name == "alltrue" { all.iter().all(|b| *b) } else { all.iter().any(|b| *b) }))
        }
        ("join", [separator, list]) => {
            let texts: Option<Vec<String>> =
                items(list)?.iter().map(|(_, item)| single(item).and_then(Traced::as_text)).collect();
            Some(Data::String(texts?.join(&separator.as_text()?)))
        }
        ("compact", [list]) => {
            let kept = items(list)?.into_iter().map(|(_, item)| item).filter(|item| {
                single(item)
                    .is_none_or(|item| !matches!(&item.data, Data::Null) && item.as_text().as_deref() != Some(""))
            });
            Some(Data::List(kept.collect()))
        }
        ("distinct", [list]) => {
            let mut seen: Vec<Plain> = Vec::new();
            let mut kept = Vec::new();
            for (_, item) in items(list)? {
                let value = plain(single(&item)?)?;
                if !seen.contains(&value) {
                    seen.push(value);
                    kept.push(item);
                }
            }
            Some(Data::List(kept))
        }
        _ => None,
    }
}

fn single(values: &Values) -> Option<&Traced> {
    match values.as_slice() {
        [value] => Some(value),
        _ => None,
    }
}

/// `title`: the first letter of each word in upper case, the others as they are.
fn title(text: &str) -> String {
    let mut start = true;
    text.chars()
        .map(|letter| {
            let result = if start { letter.to_ascii_uppercase() } else { letter };
            start = !(letter.is_alphanumeric() || letter == '_' || letter == '\'');
            result
        })
        .collect()
}

/// `format` with `%s` and `%d` alone.
fn formatted(format: &str, arguments: &[&str]) -> Option<String> {
    let mut arguments = arguments.iter();
    let mut result = String::new();
    let mut rest = format.chars();
    while let Some(letter) = rest.next() {
        if letter != '%' {
            result.push(letter);
            continue;
        }
        match rest.next()? {
            '%' => result.push('%'),
            's' | 'd' | 'v' => result.push_str(arguments.next()?),
            _ => return None,
        }
    }
    Some(result)
}
