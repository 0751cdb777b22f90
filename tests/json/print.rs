//! JSON values that keep the order of their members, generated, and printed in the styles people and tools have.

use proptest::prelude::*;

/// A JSON value.
#[derive(Debug, Clone)]
pub(crate) enum Json {
    /// Anything without members, as JSON text.
    Scalar(String),
    /// `[…]`.
    Array(Vec<Json>),
    /// `{…}`.
    Object(Vec<(String, Json)>),
}

/// How a printer sets JSON.
#[derive(Debug, Clone)]
pub(crate) struct Style {
    /// One level of indentation; `None` puts everything on one line.
    pub(crate) indent: Option<&'static str>,
    /// The line end.
    pub(crate) newline: &'static str,
    /// Between key and value.
    pub(crate) colon: &'static str,
    /// Between members on one line.
    pub(crate) comma: &'static str,
    /// Whether the file ends with a line end.
    pub(crate) final_newline: bool,
    /// Whether the file starts with a byte order mark.
    pub(crate) bom: bool,
}

impl Style {
    /// The text of a file.
    pub(crate) fn print(&self, value: &Json) -> String {
        let mut text = String::from(if self.bom { "\u{feff}" } else { "" });
        self.value(value, 0, &mut text);
        text.push_str(if self.final_newline { self.newline } else { "" });
        text
    }

    fn value(&self, value: &Json, level: usize, text: &mut String) {
        match value {
            Json::Scalar(scalar) => text.push_str(scalar),
            Json::Array(elements) => {
                let print = |element: &Json, text: &mut String| self.value(element, level + 1, text);
                self.list(('[', ']'), elements, print, level, text);
            }
            Json::Object(members) => {
                let print = |(key, value): &(String, Json), text: &mut String| {
                    text.push_str(key);
                    text.push_str(self.colon);
                    self.value(value, level + 1, text);
                };
                self.list(('{', '}'), members, print, level, text);
            }
        }
    }

    fn list<T>(
        &self,
        (open, close): (char, char),
        items: &[T],
        print: impl Fn(&T, &mut String),
        level: usize,
        text: &mut String,
    ) {
        let line = |level: usize| self.indent.map(|indent| format!("{}{}", self.newline, indent.repeat(level)));
        text.push(open);
        for (index, item) in items.iter().enumerate() {
            match (line(level + 1), index) {
                (Some(line), 0) => text.push_str(&line),
                (Some(line), _) => text.extend([",", &line]),
                (None, 0) => {}
                (None, _) => text.push_str(self.comma),
            }
            print(item, text);
        }
        text.push_str(line(level).filter(|_| !items.is_empty()).as_deref().unwrap_or_default());
        text.push(close);
    }
}

/// The styles of `jq`, `json.dumps`, `JSON.stringify`, `jsonencode` and their like.
pub(crate) fn style() -> impl Strategy<Value = Style> {
    let shapes = prop_oneof![
        (prop_oneof![Just("  "), Just("    "), Just("\t"), Just(" ")], prop_oneof![Just(": "), Just(" : "), Just(":")])
            .prop_map(|(indent, colon)| (Some(indent), colon, ",")),
        Just((None, ":", ",")),
        Just((None, ": ", ", ")),
    ];
    (shapes, prop_oneof![Just("\n"), Just("\r\n")], any::<bool>(), any::<bool>()).prop_map(
        |((indent, colon, comma), newline, final_newline, bom)| Style {
            indent,
            newline,
            colon,
            comma,
            final_newline,
            bom,
        },
    )
}

fn string() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        "[a-z]{0,4}",
        "[\"\\\\/\n\té\u{1f600}{}:,\\[\\]]{0,4}",
        Just("${var.a ? \"x\" : null}".to_owned()),
        Just("${ broken".to_owned()),
    ];
    text.prop_map(|text| serde_json::Value::from(text).to_string())
}

/// Any value.
fn value() -> impl Strategy<Value = Json> {
    let scalar = prop_oneof![
        string(),
        prop_oneof![Just("null"), Just("true"), Just("0"), Just("-1.5e+3")].prop_map(str::to_owned),
    ];
    scalar.prop_map(Json::Scalar).prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Json::Array),
            prop::collection::vec(inner, 0..3).prop_map(|values| {
                Json::Object(values.into_iter().enumerate().map(|(n, value)| (format!("\"k{n}\""), value)).collect())
            }),
        ]
    })
}

/// The members of a resource, with a comment now and then.
pub(crate) fn members() -> impl Strategy<Value = Vec<(String, Json)>> {
    let member = (prop_oneof![4 => Just(None), 1 => Just(Some("\"//\"".to_owned()))], value());
    prop::collection::vec(member, 0..4).prop_map(|members| {
        let key = |(n, (key, value)): (usize, (Option<String>, Json))| {
            (key.unwrap_or_else(|| format!("\"a{n}\\u00e9\"")), value)
        };
        members.into_iter().enumerate().map(key).collect()
    })
}

/// A file with one resource: its members go where the last argument says a block may stand.
pub(crate) fn file(members: Vec<(String, Json)>, shape: usize) -> Json {
    let object = |key: &str, value| Json::Object(vec![(format!("\"{key}\""), value)]);
    let list = |value, wanted: bool| if wanted { Json::Array(vec![value]) } else { value };
    let body = list(Json::Object(members), shape & 1 != 0);
    let named = list(object("n", body), shape & 2 != 0);
    let typed = list(object("terraform_data", named), shape & 4 != 0);
    list(object("resource", typed), shape & 8 != 0)
}
