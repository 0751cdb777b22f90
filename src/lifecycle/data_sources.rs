//! Data sources that hand a script on, and templates with their values.

use super::references::{Here, data, ends};
use super::script_text::{Reader, Texts};
use crate::model::overrides::own_attribute;
use crate::source::{FileId, Mapped};
use crate::syntax::tree::{Block, ExprKind, Step};

impl<'w, 'a> Reader<'w, 'a> {
    /// Data sources that hand a text on.
    pub(super) fn reference(self, here: Here<'w, 'a>, texts: &mut Texts, depth: usize) {
        if self.local_file(here, "content", texts) {
            return;
        }
        let Some((block, file)) = self.data_block(here, "template_file", "rendered") else {
            return texts.unknown(self, here, "its value is not in the code");
        };
        let argument = |name: &str| {
            let node = own_attribute(block, name)?;
            Some(Here { expr: &node.value, file, ..here })
        };
        let Some(template) = argument("template") else {
            return texts.unknown(self, here, "the data source has no template");
        };
        let mut inners = Texts::default();
        self.texts(template, &mut inners, depth + 1);
        for text in inners.found {
            // Terraform resolves the template of the argument before the data source resolves the one in it.
            let text = if text.template { text.replaced("$${", "${") } else { text };
            let text = text.into_template();
            texts.found.push(argument("vars").map_or(text.clone(), |values| self.filled(text, values)));
        }
        texts.unknown.extend(inners.unknown);
    }

    /// `data.local_file.x.content`: the file it reads.
    pub(super) fn local_file(self, here: Here<'w, 'a>, attribute: &str, texts: &mut Texts) -> bool {
        let Some((block, file)) = self.data_block(here, "local_file", attribute) else { return false };
        let Some(path) = own_attribute(block, "filename") else { return false };
        self.files(Here { expr: &path.value, file, ..here }, false, texts);
        true
    }

    /// The data source of a reference such as `data.template_file.x[0].rendered`.
    fn data_block(self, here: Here<'w, 'a>, kind: &str, attribute: &str) -> Option<(&'a Block, FileId)> {
        let ExprKind::Traversal(root, steps) = &here.expr.kind else { return None };
        let (ExprKind::Variable(data_word), [Step::Attr(type_name), Step::Attr(name), .., Step::Attr(last)]) =
            (&root.kind, steps.as_slice())
        else {
            return None;
        };
        if data_word != "data" || type_name != kind || last != attribute {
            return None;
        }
        let block = data(self.0, here.module, kind, name)?;
        Some((block.node, block.file))
    }

    /// A template with the values put in that are literals.
    pub(super) fn filled(self, text: Mapped, values: Here<'w, 'a>) -> Mapped {
        let ends = ends(self.0, values);
        let [values] = ends.as_slice() else { return text };
        let ExprKind::Object(items) = &values.expr.kind else { return text };
        let mut text = text;
        for item in items {
            let ExprKind::String(key) = &item.key.kind else { continue };
            let Some(value) = self.literal(values.with(&item.value)) else { continue };
            let value = value.replace("${", "$${").replace("%{", "%%{");
            for form in [format!("${{{key}}}"), format!("${{ {key} }}")] {
                if text.as_str().contains(&form) && !text.as_str().contains(&format!("${form}")) {
                    text = self.replaced(&text, &form, &value).unwrap_or(text);
                }
            }
        }
        text
    }
}
