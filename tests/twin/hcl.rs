//! The twin of a file in the native syntax.

use std::fmt::Write as _;
use std::ops::Range;

use hcl_edit::Span;
use hcl_edit::structure::{Attribute, Block, Body};

use super::Place;
use super::names::{Names, Resource};

/// The resources and data sources of a file.
pub(super) fn declared(text: &str) -> Vec<Resource> {
    parse(text).map(|body| body.blocks().filter_map(resource).collect()).unwrap_or_default()
}

/// The twin of the file's text. What says nothing about values is left out: providers, backends, `moved` and the like.
pub(super) fn twin(text: &str, place: Place<'_>, names: &Names) -> String {
    let mut out = String::new();
    let Some(body) = parse(text) else { return text.to_owned() };
    for block in body.blocks() {
        let twin = match block.ident.as_str() {
            "resource" | "data" => match resource(block) {
                Some(resource) => twin_resource(text, block, &resource, place, names),
                None => names.rewrite(&text[span(block)]),
            },
            "variable" | "locals" | "output" => names.rewrite(&text[span(block)]),
            // The one provider that the twins need is that of Terraform itself.
            "terraform" if text[span(block)].contains("terraform.io/builtin/terraform") => text[span(block)].to_owned(),
            "module" => names.rewrite(&without_providers(text, block)),
            _ => continue,
        };
        out.push_str(&twin);
        out.push('\n');
    }
    out
}

/// `None` for a file that hcl-edit refuses, though Terraform may accept it. It is its own twin if it declares no
/// resource.
fn parse(text: &str) -> Option<Body> {
    let body = hcl_edit::parser::parse_body(text);
    let holds_resources = text.lines().any(|line| line.starts_with("resource ") || line.starts_with("data "));
    assert!(body.is_ok() || !holds_resources, "{body:?}\n{text}");
    body.ok()
}

fn resource(block: &Block) -> Option<Resource> {
    let is_data = match block.ident.as_str() {
        "resource" => false,
        "data" => true,
        _ => return None,
    };
    let [kind, name] = block.labels.as_slice() else { panic!("a resource has two labels: {block:?}") };
    Resource::new(is_data, kind.as_str(), name.as_str())
}

fn twin_resource(text: &str, block: &Block, resource: &Resource, place: Place<'_>, names: &Names) -> String {
    let mut out = format!("resource \"terraform_data\" \"{}\" {{\n", resource.twin());
    let escaped = block.body.blocks().filter(|inner| inner.ident.as_str() == "_");
    for attribute in block.body.attributes().chain(escaped.flat_map(|inner| inner.body.attributes())) {
        let name = match attribute.key.as_str() {
            "root_access" if resource.is_notebook() => "input",
            kept @ ("count" | "for_each" | "depends_on") => kept,
            _ => continue,
        };
        let value = names.rewrite(&text[value(attribute)]);
        writeln!(out, "  {name} = {value}").expect("a string takes everything");
    }
    if resource.is_notebook() && !place.is_override {
        writeln!(out, "  triggers_replace = \"{}\"", place.file).expect("a string takes everything");
    }
    if !resource.is_notebook() {
        writeln!(out, "  input = \"\"").expect("a string takes everything");
    }
    for lifecycle in block.body.blocks().filter(|block| block.ident.as_str() == "lifecycle") {
        out.push_str(&names.rewrite(&twin_lifecycle(text, lifecycle)));
    }
    out.push_str("}\n");
    out
}

fn twin_lifecycle(text: &str, block: &Block) -> String {
    let mut out = "  lifecycle {\n".to_owned();
    for attribute in block.body.attributes() {
        let value = &text[value(attribute)];
        let value = match attribute.key.as_str() {
            "ignore_changes" if value.contains("root_access") => "[input]",
            "ignore_changes" if value != "all" => continue,
            "replace_triggered_by" => continue,
            _ => value,
        };
        writeln!(out, "    {} = {value}", attribute.key.as_str()).expect("a string takes everything");
    }
    for check in block.body.blocks() {
        out.push_str(&text[span(check)].replace("self.root_access", "self.input"));
        out.push('\n');
    }
    out.push_str("  }\n");
    out
}

fn without_providers(text: &str, call: &Block) -> String {
    let whole = span(call);
    let Some(providers) = call.body.get_attribute("providers") else { return text[whole].to_owned() };
    let cut = providers.span().expect("parsed text has spans");
    format!("{}{}", &text[whole.start..cut.start], &text[cut.end..whole.end])
}

fn span(block: &Block) -> Range<usize> {
    block.span().expect("parsed text has spans")
}

fn value(attribute: &Attribute) -> Range<usize> {
    attribute.value.span().expect("parsed text has spans")
}
