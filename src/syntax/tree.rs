//! The one small tree that the rest of the program sees, whatever syntax a file is written in.
//!
//! Every node has the [`Span`] of its source text, counted from the start of the file. Comments and white space are
//! not part of the tree: edits are spliced into the source text, and the tree is never printed.

mod expression;

use crate::source::Span;

/// The contents of a file or block, in source order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// Attributes and blocks, in source order.
    pub items: Vec<Item>,
}

/// One element of a [`Body`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// `key = value`.
    Attribute(Attribute),
    /// `type "label" { … }`.
    Block(Block),
}

/// A name with its place: a block type, a block label, an attribute key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name without quotes and escapes.
    pub text: String,
    /// Its place, quotes included.
    pub span: Span,
}

/// `key = value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The key.
    pub key: Name,
    /// The value.
    pub value: Expr,
    /// From the start of the key to the end of the value.
    pub span: Span,
}

/// A block with its labels and contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The block type, such as `resource`.
    pub kind: Name,
    /// The labels, quoted or bare.
    pub labels: Vec<Name>,
    /// The content between the braces.
    pub body: Body,
    /// From the start of the block type to the closing brace.
    pub span: Span,
    /// Byte offset of `{`.
    pub open: usize,
    /// Byte offset of the closing `}`.
    pub close: usize,
}

/// An expression and its place, parentheses included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    /// Its kind.
    pub kind: ExprKind,
    /// Its source text.
    pub span: Span,
}

/// The forms an expression can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExprKind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// A quoted string without interpolation, its escapes resolved.
    String(String),
    /// A quoted string with interpolation.
    Template(Vec<TemplatePart>),
    /// A heredoc. Its literal parts are what the parser makes of them; the raw text is the span's.
    Heredoc(Vec<TemplatePart>),
    /// `[a, b]`.
    Array(Vec<Expr>),
    /// `{ a = b }`.
    Object(Vec<ObjectItem>),
    /// A name on its own, such as `var` in `var.a`.
    Variable(String),
    /// An expression followed by steps into it.
    Traversal(Box<Expr>, Vec<Step>),
    /// A function call; the name holds its namespace (`provider::aws::f`).
    Call {
        /// The function's name.
        name: String,
        /// The arguments.
        args: Vec<Expr>,
        /// Whether the last argument is expanded (`...`).
        expand: bool,
    },
    /// `( … )`.
    Paren(Box<Expr>),
    /// `cond ? yes : no`.
    Conditional(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `!a` or `-a`.
    Unary(&'static str, Box<Expr>),
    /// `a == b`, `a && b`, `a + b`, …
    Binary(Box<Expr>, &'static str, Box<Expr>),
    /// `[for …]` or `{for …}`.
    For(Box<ForExpr>),
    /// An expression that cannot be read, with the reason.
    Unread(String),
}

/// A `for` expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForExpr {
    /// The name of the key or index, if one is given.
    pub key_var: Option<String>,
    /// The name of the value.
    pub value_var: String,
    /// The collection that is iterated over.
    pub collection: Expr,
    /// The key of each element, in the object form.
    pub key: Option<Expr>,
    /// The value of each element.
    pub value: Expr,
    /// The filter.
    pub cond: Option<Expr>,
    /// Whether values of equal keys are grouped (`...`).
    pub grouping: bool,
}

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// `.name`.
    Attr(String),
    /// `[expr]`, and `.0` as the number.
    Index(Expr),
    /// `.*` or `[*]`. All steps after it go into each element. What takes an element of the resulting list, as `[0]`
    /// does in `a.*.b[0]`, is a step of another traversal around this one.
    Splat,
    /// An attribute splat inside another splat, with its own steps, where what follows takes an element of its list, as
    /// `[0]` does in `a[*].*.b[0]`.
    ListOf(Vec<Step>),
}

impl Step {
    /// Ends the attribute splat at a place among steps, for a bracket that takes an element of its list; `false` if it is
    /// inside no other splat.
    pub(super) fn end_attribute_splat(steps: &mut Vec<Self>, at: usize) -> bool {
        let is_inside = steps[..at].contains(&Self::Splat);
        if is_inside {
            let own = steps.split_off(at + 1);
            steps.pop();
            steps.push(Self::ListOf(own));
        }
        is_inside
    }
}

/// One element of an object expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectItem {
    /// The key: a bare name is a [`ExprKind::String`].
    pub key: Expr,
    /// The value.
    pub value: Expr,
}

/// One part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplatePart {
    /// Text, its escapes resolved, without the white space that markers (`~`) and a flush heredoc (`<<-`) take away.
    /// May be empty.
    Literal(String, Span),
    /// `${ … }`.
    Interpolation(Expr),
    /// `%{ if … }…%{ else }…%{ endif }`.
    If {
        /// The condition.
        condition: Expr,
        /// The template up to `else` or `endif`, whose value is always text.
        yes: Expr,
        /// The template between `else` and `endif`.
        no: Option<Expr>,
        /// From the first `%{` to the last word.
        span: Span,
    },
    /// `%{ for … in … }…%{ endfor }`.
    For(Box<ForTemplate>),
}

/// A `for` directive of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForTemplate {
    /// The expression that it comes to: one without keys and filter, whose values are templates and so text.
    pub each: ForExpr,
    /// From the first `%{` to the last word.
    pub span: Span,
}

impl Body {
    /// The attributes, in source order.
    pub fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.items.iter().filter_map(Item::as_attribute)
    }

    /// The blocks, in source order.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.items.iter().filter_map(Item::as_block)
    }

    /// The attribute with a key.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&Attribute> {
        self.attributes().find(|attribute| attribute.key.text == key)
    }

    /// The items that a place lies in. Items are in source order, so that hardly more than one is looked at.
    pub fn around(&self, place: Span) -> impl Iterator<Item = &Item> {
        let after = self.items.partition_point(|item| item.span().start <= place.start);
        let before = self.items[..after].iter().rev();
        // In JSON, several blocks may stand behind one name, and share its place.
        before.take_while(move |item| item.span().end >= place.end).filter(move |item| item.span().contains(place))
    }

    /// The blocks of a type.
    pub fn blocks_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks().filter(move |block| block.kind.text == kind)
    }
}

impl Item {
    /// The attribute that it is.
    #[must_use]
    pub fn as_attribute(&self) -> Option<&Attribute> {
        match self {
            Self::Attribute(attribute) => Some(attribute),
            Self::Block(_) => None,
        }
    }

    /// The block that it is.
    #[must_use]
    pub fn as_block(&self) -> Option<&Block> {
        match self {
            Self::Block(block) => Some(block),
            Self::Attribute(_) => None,
        }
    }

    /// The bytes of the attribute or block.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Attribute(attribute) => attribute.span,
            Self::Block(block) => block.span,
        }
    }
}
