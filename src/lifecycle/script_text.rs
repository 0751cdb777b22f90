//! An argument of a lifecycle configuration to the text of its script.

use std::cell::Cell;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::literal;
use super::references::{Here, ends};
use super::script_files;
use crate::model::Workspace;
use crate::source::{Location, Mapped};
use crate::syntax::tree::{Expr, ExprKind, TemplatePart};

/// A script that an argument can be.
pub(super) struct Content {
    pub(super) text: Mapped,
    /// Whether it reaches the API base64-encoded.
    pub(super) encoded: bool,
    /// Its length once encoded, where no unknown value is part of it.
    pub(super) length: Option<usize>,
}

/// The scripts in an argument, and why some are not known.
#[derive(Default)]
pub(super) struct Contents {
    pub(super) scripts: Vec<Content>,
    pub(super) unknown: Vec<(String, Location)>,
}

/// Longer texts are not put together: the API takes 16,384 characters.
const LONGEST: usize = 1 << 20;

/// The bytes of all texts that are made for one argument: a text made of ten copies of one made of ten copies, and so on,
/// has no end.
pub(super) const MOST_BYTES: usize = 16 << 20;

/// The cost of looking at one expression, in bytes.
const LOOKING: usize = 64;

/// Why a text is not shown, without the code that it stands in.
const SENSITIVE: &str = "of `sensitive(…)`, Terraform would not show it";

/// Why no more is done.
const TOO_LONG: &str = "it is too long to follow";

/// The way to scripts through one workspace, and what is left of [`MOST_BYTES`].
#[derive(Clone, Copy)]
pub(super) struct Reader<'w, 'a>(pub(super) &'w Workspace<'a>, pub(super) &'w Cell<usize>);

impl<'w, 'a> Reader<'w, 'a> {
    /// Whether there is room for a text of so many bytes, which is then taken.
    fn takes(self, bytes: usize) -> bool {
        let Some(left) = self.1.get().checked_sub(bytes).filter(|_| bytes <= LONGEST) else { return false };
        self.1.set(left);
        true
    }

    /// A text with one part replaced throughout, if there is room for it.
    pub(super) fn replaced(self, text: &Mapped, from: &str, to: &str) -> Option<Mapped> {
        let times = text.as_str().matches(from).count();
        let length = times.saturating_mul(to.len()).saturating_add(text.as_str().len());
        self.takes(length).then(|| text.replaced(from, to))
    }

    /// The scripts that the values of an argument are, given as what its expression leads to.
    pub(super) fn contents(self, ends: &[Here<'w, 'a>]) -> Contents {
        let mut contents = Contents::default();
        for &here in ends {
            let mut texts = Texts::default();
            match &here.expr.kind {
                ExprKind::Call { name, args, .. } => match (plain_name(name), args.as_slice()) {
                    ("base64encode" | "textencodebase64", [inner, ..]) => {
                        self.texts(here.with(inner), &mut texts, 0);
                        contents.scripts.extend(texts.found.drain(..).map(encoded));
                    }
                    ("filebase64", [path]) => {
                        self.files(here.with(path), false, &mut texts);
                        contents.scripts.extend(texts.found.drain(..).map(encoded));
                    }
                    _ => self.text(here, &mut texts, 0),
                },
                ExprKind::Traversal(..) if self.local_file(here, "content_base64", &mut texts) => {
                    contents.scripts.extend(texts.found.drain(..).map(encoded));
                }
                _ => self.text(here, &mut texts, 0),
            }
            let place = here.location();
            contents.scripts.extend(texts.found.into_iter().map(|text| as_given(text, place)));
            contents.unknown.extend(texts.unknown);
        }
        contents
    }

    /// The texts that an expression can be.
    pub(super) fn texts(self, here: Here<'w, 'a>, texts: &mut Texts, depth: usize) {
        for here in ends(self.0, here) {
            self.text(here, texts, depth);
        }
    }

    /// The text of an expression that leads no further.
    fn text(self, here: Here<'w, 'a>, texts: &mut Texts, depth: usize) {
        match &here.expr.kind {
            _ if !self.takes(LOOKING) => texts.unknown(self, here, TOO_LONG),
            _ if depth > 8 => texts.unknown(self, here, "it is nested too deeply"),
            ExprKind::Null => {}
            ExprKind::String(text) if text.is_empty() => {}
            ExprKind::String(_) | ExprKind::Template(_) | ExprKind::Heredoc(_) => {
                let file = self.0.view().source(here.file);
                match (literal::text(here.file, file, here.expr.span), &here.expr.kind) {
                    (Some(text), ExprKind::Template(parts) | ExprKind::Heredoc(parts)) => {
                        texts.found.push(self.with_known_values(text, parts, here, depth));
                    }
                    (Some(text), _) => texts.found.push(text),
                    // A string inside of a string of JSON.
                    (None, ExprKind::String(words)) => texts.found.push(Mapped::at(here.location(), words)),
                    (None, _) => texts.unknown(self, here, "its form is not known"),
                }
            }
            ExprKind::Call { name, args, .. } => self.call(here, plain_name(name), args, texts, depth),
            ExprKind::Traversal(..) => self.reference(here, texts, depth),
            _ => texts.unknown(self, here, "it is no text"),
        }
    }

    /// A template with the texts put in that its expressions are, where each is one text in the code.
    fn with_known_values(self, text: Mapped, parts: &'a [TemplatePart], here: Here<'w, 'a>, depth: usize) -> Mapped {
        let mut known = Vec::new();
        for part in parts {
            let TemplatePart::Interpolation(expr) = part else { continue };
            let mut inner = Texts::default();
            self.texts(here.with(expr), &mut inner, depth + 1);
            if let ([found], []) = (inner.found.as_slice(), inner.unknown.as_slice()) {
                known.push((Location { file: here.file, span: expr.span }, found.clone()));
            }
        }
        let length = known.iter().map(|(_, found)| found.as_str().len()).sum::<usize>();
        if known.is_empty() || !self.takes(length) { text } else { literal::filled(&text, &known) }
    }

    fn call(self, here: Here<'w, 'a>, name: &str, args: &'a [Expr], texts: &mut Texts, depth: usize) {
        match (name, args) {
            ("file", [path]) => self.files(here.with(path), false, texts),
            ("templatefile", [path, values @ ..]) => {
                let mut files = Texts::default();
                self.files(here.with(path), true, &mut files);
                let fill = |text: Mapped| match values.first() {
                    Some(values) => self.filled(text, here.with(values)),
                    None => text,
                };
                texts.found.extend(files.found.into_iter().map(fill));
                texts.unknown.extend(files.unknown);
            }
            ("trimspace" | "chomp" | "nonsensitive", [inner]) => {
                self.texts(here.with(inner), texts, depth + 1);
            }
            ("indent", [_, inner]) => self.texts(here.with(inner), texts, depth + 1),
            ("replace", [inner, from, to]) => match (self.literal(here.with(from)), self.literal(here.with(to))) {
                (Some(from), Some(to)) if !from.is_empty() && !is_pattern(&from) => {
                    let mut inners = Texts::default();
                    self.texts(here.with(inner), &mut inners, depth + 1);
                    for text in &inners.found {
                        match self.replaced(text, &from, &to) {
                            Some(text) => texts.found.push(text),
                            None => texts.unknown(self, here, TOO_LONG),
                        }
                    }
                    texts.unknown.extend(inners.unknown);
                }
                _ => texts.unknown(self, here, "what it replaces is not known"),
            },
            ("join", [separator, list]) => {
                let lists = ends(self.0, here.with(list));
                let (Some(separator), [list]) = (self.literal(here.with(separator)), lists.as_slice()) else {
                    return texts.unknown(self, here, "its list is not known");
                };
                let ExprKind::Array(items) = &list.expr.kind else {
                    return texts.unknown(self, here, "its list is not known");
                };
                let mut whole: Option<Mapped> = None;
                for item in items {
                    let mut parts = Texts::default();
                    self.texts(list.with(item), &mut parts, depth + 1);
                    // A part that is not known is a word that is not known, as in a template.
                    let place = list.with(item).location();
                    let unknown = || Mapped::at(place, "${unknown}").into_template();
                    let part = parts.found.into_iter().next().unwrap_or_else(unknown);
                    let before = whole.as_ref().map_or(0, |whole| whole.as_str().len());
                    if before + part.as_str().len() > LONGEST || !self.takes(part.as_str().len() + separator.len()) {
                        return texts.unknown(self, here, TOO_LONG);
                    }
                    match &mut whole {
                        None => whole = Some(part),
                        Some(whole) => {
                            whole.push(&Mapped::at(place, &separator));
                            whole.push(&part);
                        }
                    }
                }
                texts.found.extend(whole);
            }
            ("base64decode", [inner]) => {
                let mut inners = Texts::default();
                self.texts(here.with(inner), &mut inners, depth + 1);
                let place = here.location();
                texts
                    .found
                    .extend(inners.found.iter().filter_map(|text| Some(Mapped::at(place, &decoded(text.as_str())?))));
                texts.unknown.extend(inners.unknown);
            }
            ("sensitive", _) => texts.unknown.push((SENSITIVE.to_owned(), here.location())),
            _ => texts.unknown(self, here, "it is computed when Terraform runs"),
        }
    }

    /// The text of files, as they are or as templates.
    pub(super) fn files(self, path: Here<'w, 'a>, template: bool, texts: &mut Texts) {
        let files = script_files::files(self.0, path);
        let sources = self.0.view();
        texts.found.extend(files.found.iter().map(|&id| Mapped::of_file(id, sources.source(id), template)));
        texts.unknown.extend(files.missing.into_iter().map(|why| (why, path.location())));
    }

    /// The one literal that an expression is.
    pub(super) fn literal(self, here: Here<'w, 'a>) -> Option<String> {
        let ends = ends(self.0, here);
        let [end] = ends.as_slice() else { return None };
        match &end.expr.kind {
            ExprKind::String(text) | ExprKind::Number(text) => Some(text.clone()),
            ExprKind::Bool(value) => Some(value.to_string()),
            _ => None,
        }
    }
}

/// Texts, and why some are not known.
#[derive(Default)]
pub(super) struct Texts {
    pub(super) found: Vec<Mapped>,
    pub(super) unknown: Vec<(String, Location)>,
}

impl Texts {
    pub(super) fn unknown(&mut self, reader: Reader<'_, '_>, here: Here<'_, '_>, why: &str) {
        let source = reader.0.view().source(here.file).slice(here.expr.span);
        let line = source.lines().next().unwrap_or_default();
        let mut shown: String = line.chars().take(60).collect();
        if shown.len() < source.len() {
            shown.push('…');
        }
        self.unknown.push((format!("of `{shown}`, {why}"), here.location()));
    }
}

/// Whether `replace` takes it for a regular expression.
fn is_pattern(words: &str) -> bool {
    words.len() > 1 && words.starts_with('/') && words.ends_with('/')
}

/// A function's name without the namespace of the built-in ones.
fn plain_name(name: &str) -> &str {
    name.strip_prefix("core::").unwrap_or(name)
}

/// A script that Terraform encodes.
fn encoded(text: Mapped) -> Content {
    let known = !text.template || !text.as_str().contains("${") && !text.as_str().contains("%{");
    let length = known.then(|| text.as_str().len().div_ceil(3) * 4);
    Content { text, encoded: true, length }
}

/// A script as it is handed to the API: encoded already, or by mistake not at all.
fn as_given(text: Mapped, place: Location) -> Content {
    match decoded(text.as_str()) {
        Some(script) => {
            let length = Some(text.as_str().trim().len());
            Content { text: Mapped::at(place, &script), encoded: true, length }
        }
        None => Content { text, encoded: false, length: None },
    }
}

/// The text behind base64; `None` if it is none.
fn decoded(text: &str) -> Option<String> {
    let packed: String = text.split_ascii_whitespace().collect();
    let script = String::from_utf8(STANDARD.decode(packed).ok()?).ok()?;
    let is_text = script.chars().all(|letter| !letter.is_control() || letter.is_whitespace());
    (is_text && !script.is_empty()).then_some(script)
}
