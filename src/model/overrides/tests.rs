use super::*;
use crate::source::{SourceFile, Sources};
use crate::syntax;

/// Files that were read, each with its tree.
struct Read {
    sources: Sources,
    bodies: Vec<(FileId, Body)>,
    primary: usize,
}

impl Read {
    /// Reads the files of a module in loading order.
    fn new(primary: &[&str], overrides: &[&str]) -> Self {
        let sources = Sources::default();
        let mut bodies = Vec::new();
        for text in primary.iter().chain(overrides) {
            let name = if text.starts_with('{') { "a.tf.json" } else { "a.tf" };
            let file = SourceFile::new(name, *text);
            let syntax = syntax::parse(&file);
            assert_eq!(syntax.unreadable, [], "{text}");
            bodies.push((sources.add(file), syntax.body));
        }
        Self { sources, bodies, primary: primary.len() }
    }

    fn placed(bodies: &[(FileId, Body)]) -> impl Iterator<Item = Placed<'_, Body>> {
        bodies.iter().map(|(file, node)| Placed { file: *file, node })
    }

    fn merge(&self, kind: &str) -> Merged<'_> {
        let (primary, overrides) = self.bodies.split_at(self.primary);
        merge(kind, Self::placed(primary), Self::placed(overrides))
    }

    fn text(&self, found: Placed<Attribute>) -> &str {
        self.sources[found.file].slice(found.node.value.span)
    }

    /// The text of the value of `key` in the only resource.
    fn value(&self, key: &str) -> Option<String> {
        let merged = self.merge("resource");
        assert_eq!(merged.blocks.len(), 1);
        merged.blocks[0].attribute(key).map(|found| self.text(found).to_owned())
    }
}

const BASE: &str = "resource \"t\" \"n\" {\n  x = 1\n  y = 2\n}\n";

#[test]
fn the_last_override_that_sets_an_attribute_wins() {
    let read = Read::new(
        &[BASE],
        &[
            "resource t n { x = 3 }",
            "{\"resource\":{\"t\":{\"n\":[{\"x\":4},{\"x\":null}]}}}",
            "resource t n {\n  z = 5\n}\nresource t other {\n  x = 6\n}",
        ],
    );
    assert_eq!(read.value("x").as_deref(), Some("null"));
    assert_eq!(read.value("y").as_deref(), Some("2"));
    assert_eq!(read.value("z").as_deref(), Some("5"));
    assert_eq!(read.value("w"), None);
    let orphans = read.merge("resource").orphans;
    assert_eq!(orphans.iter().map(|orphan| orphan.node.labels[1].text.as_str()).collect::<Vec<_>>(), ["other"]);
}

#[test]
fn an_escaped_attribute_is_the_blocks_own() {
    let escaped = "resource t n {\n  _ {\n    x = 7\n  }\n}";
    assert_eq!(Read::new(&[escaped], &[]).value("x").as_deref(), Some("7"));
    assert_eq!(Read::new(&[BASE], &[escaped]).value("x").as_deref(), Some("7"));
    assert_eq!(Read::new(&[escaped], &[BASE]).value("x").as_deref(), Some("1"));
}

#[test]
fn nested_blocks_hide_those_of_their_type() {
    let read = Read::new(
        &["resource t n {\n  a {\n  }\n  a {\n  }\n  b {\n  }\n}"],
        &["resource t n {\n  dynamic \"a\" {\n    for_each = []\n  }\n}"],
    );
    let merged = read.merge("resource");
    let kinds = |kind: &str| {
        let blocks = merged.blocks[0].blocks(kind);
        blocks.iter().map(|block| block.node.kind.text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(kinds("a"), ["dynamic"]);
    assert_eq!(kinds("b"), ["b"]);
    assert_eq!(kinds("c"), [""; 0]);
}

#[test]
fn ignored_changes_are_the_last_that_are_any_but_all_stays() {
    let resource = |changes: &str| format!("resource t n {{\n  lifecycle {{\n    ignore_changes = {changes}\n  }}\n}}");
    let decides = |base: &str, overrides: &[&str]| {
        let overrides: Vec<_> = overrides.iter().map(|changes| resource(changes)).collect();
        let read = Read::new(&[&resource(base)], &overrides.iter().map(String::as_str).collect::<Vec<_>>());
        let merged = read.merge("resource");
        merged.blocks[0].ignore_changes().map(|found| read.text(found).to_owned())
    };
    assert_eq!(decides("[a]", &[]).as_deref(), Some("[a]"));
    assert_eq!(decides("[a]", &["[]"]).as_deref(), Some("[a]"));
    assert_eq!(decides("[a]", &["[b]", "[]"]).as_deref(), Some("[b]"));
    assert_eq!(decides("all", &["[b]"]).as_deref(), Some("all"));
    assert_eq!(decides("[a]", &["all", "[b]"]).as_deref(), Some("all"));
    assert_eq!(decides("[]", &[]), None);
}

#[test]
fn repeated_declarations_stand_for_themselves() {
    let read = Read::new(&[BASE, "resource t n {\n  x = 8\n}"], &["resource t n {\n  x = 9\n}"]);
    let merged = read.merge("resource");
    let values: Vec<_> = merged.blocks.iter().filter_map(|block| block.attribute("x")).collect();
    assert_eq!(values.into_iter().map(|found| read.text(found)).collect::<Vec<_>>(), ["9", "8"]);
}

#[test]
fn variables_and_module_calls_merge_by_name() {
    let read = Read::new(
        &["variable v {\n  default = 1\n  type = number\n}\nmodule m {\n  source = \"./m\"\n  a = 1\n}"],
        &["variable v {\n  default = 2\n}\nmodule m {\n  a = 2\n}\nmodule other {\n}"],
    );
    let value = |kind: &str, key: &str| read.merge(kind).blocks[0].attribute(key).map(|found| read.text(found));
    assert_eq!((value("variable", "default"), value("variable", "type")), (Some("2"), Some("number")));
    assert_eq!((value("module", "a"), value("module", "source")), (Some("2"), Some("\"./m\"")));
    assert_eq!(read.merge("module").orphans.len(), 1);
}

#[test]
fn locals_merge_value_by_value() {
    let read = Read::new(&["locals {\n  a = 1\n  b = 2\n}"], &["locals {\n  b = 3\n  c = 4\n}"]);
    let (primary, overrides) = read.bodies.split_at(1);
    let (locals, orphans) = merge_locals(Read::placed(primary), Read::placed(overrides));
    assert_eq!((read.text(locals["a"]), read.text(locals["b"]), locals.len()), ("1", "3", 2));
    assert_eq!(orphans.len(), 1);
}
