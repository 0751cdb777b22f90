//! From words to the values a command sees, as far as they are known.

use std::rc::Rc;

use crate::script::interpret::Walker;
use crate::script::shell::mapped::{Text, UNKNOWN};
use crate::script::shell::tree::{Part, Unit, Word};
use crate::script::state::context::{Context, Fate};
use crate::script::state::process::State;

/// Words one brace expression may become.
const MOST_ALTERNATIVES: usize = 16;

/// Collects the fields of one word.
#[derive(Default)]
struct Fields {
    done: Vec<Text>,
    open: Option<Text>,
}

impl Fields {
    fn push(&mut self, text: &Text) {
        self.open.get_or_insert_default().push(text);
    }

    fn split(&mut self) {
        self.done.extend(self.open.take());
    }

    /// An unquoted value: white space separates fields.
    fn push_split(&mut self, value: &Text) {
        if !value.as_str().contains([' ', '\t', '\n']) {
            if !value.is_empty() {
                self.push(value);
            }
            return;
        }
        if value.as_str().starts_with([' ', '\t', '\n']) {
            self.split();
        }
        for (index, field) in value.fields().iter().enumerate() {
            if index > 0 {
                self.split();
            }
            self.push(field);
        }
        if value.as_str().ends_with([' ', '\t', '\n']) {
            self.split();
        }
    }
}

impl Walker<'_> {
    /// The fields a word expands to: none for an empty unquoted value, several for lists and split values.
    pub fn fields(&mut self, unit: &Rc<Unit>, word: &Word, state: &mut State, context: &Context) -> Vec<Text> {
        if let [Part::Literal { text, place, quoted: false }] = word.parts.as_slice()
            && text.contains('{')
            && text.contains(',')
        {
            let whole = unit.text.slice(place.range());
            return alternatives(&whole);
        }
        let mut fields = Fields::default();
        for (index, part) in word.parts.iter().enumerate() {
            self.part(unit, part, index == 0, state, context, &mut fields);
        }
        fields.split();
        fields.done
    }

    /// The value of a word that is not split, as in an assignment or a heredoc.
    pub fn joined(&mut self, unit: &Rc<Unit>, word: &Word, state: &mut State, context: &Context) -> Text {
        let mut result = Text::default();
        for (index, part) in word.parts.iter().enumerate() {
            let mut fields = Fields::default();
            self.part(unit, part, index == 0, state, context, &mut fields);
            fields.split();
            let split = matches!(part, Part::Commands { quoted: false, .. } | Part::Parameter { quoted: false, .. });
            for (index, field) in fields.done.iter().enumerate() {
                if index > 0 && (split || matches!(part, Part::Parameter { .. })) {
                    result.push_whole(" ", field.whole_span());
                }
                result.push(field);
            }
        }
        result
    }

    fn part(
        &mut self,
        unit: &Rc<Unit>,
        part: &Part,
        first: bool,
        state: &mut State,
        context: &Context,
        fields: &mut Fields,
    ) {
        match part {
            Part::Literal { text, place, quoted } => {
                let mut value = Text::default();
                let mut rest = text.as_str();
                let mut range = place.range();
                if first
                    && !quoted
                    && let Some((home, length)) = tilde(text, state)
                {
                    value.push_whole(&home, unit.text.span(range.start..range.start + length));
                    rest = &text[length..];
                    range.start += length;
                }
                value.push_decoded(rest, &unit.text, range);
                fields.push(&value);
            }
            Part::Parameter { place, quoted, .. } => {
                let span = unit.text.span(place.range());
                let values = self.values(unit, part, state, context);
                // A value counts as written where it is used: one place, in reading order.
                let values = values.iter().map(|value| Text::of(value.as_str(), span.clone()));
                for (index, value) in values.enumerate() {
                    if index > 0 {
                        fields.split();
                    }
                    if *quoted { fields.push(&value) } else { fields.push_split(&value) }
                }
            }
            Part::Commands { script, place, quoted } => {
                let mut text = Text::default();
                for (piece, place) in script {
                    text.push_decoded(piece, &unit.text, place.range());
                }
                let mut own = state.clone();
                own.options.errexit = false;
                let fate = context.fate;
                let inner = Context { shell: fate, input: None, pipeline: None, ..context.with_fate(fate) };
                let printed = self.script(text, &mut own, &inner);
                self.comes_from(unit, *place, printed.from.as_deref());
                let output = printed.text.without_final_newlines();
                let output = if output.is_empty() { Text::unknown(unit.text.span(place.range())) } else { output };
                if *quoted { fields.push(&output) } else { fields.push_split(&output) }
            }
            Part::Process { script, place } => {
                let mut own = state.clone();
                let printed = self.script(unit.text.slice(script.range()), &mut own, &context.with_fate(Fate::Lost));
                let span = unit.text.span(place.range());
                let reads = unit.text.as_str().as_bytes().get(place.start) == Some(&b'<');
                if let Some(path) =
                    printed.from.filter(|from| reads && printed.text.is_opaque() && !from.contains("://"))
                {
                    // `<(cat FILE)` is the file.
                    fields.push(&Text::of(&path, span));
                } else if reads {
                    let path = format!("/dev/fd/{}", span.start);
                    let unknown = Text::of("\u{1a}\n", span.clone());
                    let text = if printed.text.is_empty() { &unknown } else { &printed.text };
                    self.files.write(&path, text, self.also, &span);
                    fields.push(&Text::of(&path, span));
                } else {
                    fields.push(&Text::unknown(span));
                }
            }
            Part::Opaque { parts, place } => {
                self.effects(unit, parts, state, context);
                fields.push(&Text::unknown(unit.text.span(place.range())));
            }
        }
    }

    /// Walks what parts run, without their value.
    pub(super) fn effects(&mut self, unit: &Rc<Unit>, parts: &[Part], state: &mut State, context: &Context) {
        for part in parts {
            if !matches!(part, Part::Literal { .. }) {
                self.part(unit, part, false, state, context, &mut Fields::default());
            }
        }
    }
}

/// The home folder that a leading `~` or `~user` stands for, and the length of the prefix in bytes.
fn tilde(text: &str, state: &State) -> Option<(String, usize)> {
    let rest = text.strip_prefix('~')?;
    let name = rest.split('/').next().unwrap_or_default();
    let home = match name {
        "" => state.home().unwrap_or_else(|| UNKNOWN.to_string()),
        "+" | "-" => return None,
        name if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) => {
            crate::script::state::user::User::named(name).home()?
        }
        _ => return None,
    };
    Some((home, 1 + name.len()))
}

/// Expands one level of `{a,b}`.
fn alternatives(word: &Text) -> Vec<Text> {
    let text = word.as_str();
    let inner = text.find('{').and_then(|open| {
        let close = open + text[open..].find('}')?;
        let body = &text[open + 1..close];
        (body.contains(',') && !body.contains('{')).then_some((open, close))
    });
    let Some((open, close)) = inner else { return vec![word.clone()] };
    let mut result = Vec::new();
    let mut start = open + 1;
    for item in text[open + 1..close].split(',').take(MOST_ALTERNATIVES) {
        let mut one = word.slice(0..open);
        one.push(&word.slice(start..start + item.len()));
        one.push(&word.slice(close + 1..text.len()));
        start += item.len() + 1;
        result.push(one);
    }
    result
}
