//! The meaning of names where an expression stands.

use std::rc::Rc;

use super::data::Values;
use super::frame::Frame;

/// The meaning of names where an expression stands.
#[derive(Clone, Copy)]
pub struct Scope<'s, 'w, 'a> {
    /// The module instance.
    pub frame: &'s Frame<'w, 'a>,
    /// `each.key` and `each.value`, inside a block with `for_each`.
    pub each: Option<(&'s Values, &'s Values)>,
    /// `count.index`, inside a block with `count`.
    pub index: Option<&'s Values>,
    /// The variables of `for` expressions around, innermost last. Each turn has its own list, so their values are shared.
    pub(crate) names: &'s [(&'s str, Rc<Values>)],
    /// Whether it stands in a template that a function renders.
    pub(crate) template: InTemplate,
}

/// Where the text of an expression comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InTemplate {
    /// From the code.
    No,
    /// From a file that `templatefile` renders.
    File,
    /// From a string that `templatestring` renders.
    String,
}

impl<'s, 'w, 'a> Scope<'s, 'w, 'a> {
    /// The scope of a block of a module without repetition.
    #[must_use]
    pub fn new(frame: &'s Frame<'w, 'a>) -> Self {
        Self { frame, each: None, index: None, names: &[], template: InTemplate::No }
    }
}
