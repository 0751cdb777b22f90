//! The twin of a file in the JSON syntax.

use serde_json::{Map, Value, json};

use super::Place;
use super::names::{Names, Resource};

/// The resources and data sources of a file.
pub(super) fn declared(text: &str) -> Vec<Resource> {
    let mut all = Vec::new();
    each_resource(&parse(text), &mut |is_data, kind, name, _| all.extend(Resource::new(is_data, kind, name)));
    all
}

/// The twin of the file's text.
pub(super) fn twin(text: &str, place: Place<'_>, names: &Names) -> String {
    let root = parse(text);
    let mut twins = Vec::new();
    each_resource(&root, &mut |is_data, kind, name, body| match Resource::new(is_data, kind, name) {
        Some(resource) => {
            let twin = twin_resource(&resource, body, place);
            twins.push(json!({ "terraform_data": { resource.twin(): twin } }));
        }
        None => twins.push(json!({ kind: { name: body } })),
    });
    // Terraform refuses an empty list of resources.
    let mut out: Vec<_> = (!twins.is_empty()).then(|| json!({ "resource": twins })).into_iter().collect();
    for object in objects(&root) {
        for key in ["variable", "locals", "output", "module"] {
            if let Some(value) = object.get(key) {
                let mut value = value.clone();
                if key == "module" {
                    without_providers(&mut value);
                }
                out.push(json!({ key: value }));
            }
        }
    }
    names.rewrite(&Value::Array(out).to_string())
}

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// An object, or the objects in an array: the syntax allows both at every level.
fn objects(value: &Value) -> Vec<&Map<String, Value>> {
    match value {
        Value::Array(items) => items.iter().flat_map(objects).collect(),
        Value::Object(object) => vec![object],
        _ => Vec::new(),
    }
}

/// Takes whether it is a data source, the type, the name and the body.
type Found<'f> = dyn FnMut(bool, &str, &str, &Map<String, Value>) + 'f;

fn each_resource(root: &Value, found: &mut Found<'_>) {
    for (key, is_data) in [("resource", false), ("data", true)] {
        let kinds = objects(root).into_iter().filter_map(|root| root.get(key)).flat_map(objects).flatten();
        for (kind, names) in kinds {
            for (name, bodies) in objects(names).into_iter().flatten() {
                for body in objects(bodies) {
                    found(is_data, kind, name, body);
                }
            }
        }
    }
}

fn twin_resource(resource: &Resource, body: &Map<String, Value>, place: Place<'_>) -> Map<String, Value> {
    let mut twin = Map::new();
    for (key, value) in body {
        let key = match key.as_str() {
            "root_access" if resource.is_notebook() => "input",
            kept @ ("count" | "for_each" | "depends_on") => kept,
            _ => continue,
        };
        twin.insert(key.to_owned(), value.clone());
    }
    if resource.is_notebook() && !place.is_override {
        twin.insert("triggers_replace".to_owned(), place.file.into());
    }
    if !resource.is_notebook() {
        twin.insert("input".to_owned(), "".into());
    }
    twin
}

fn without_providers(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(without_providers),
        Value::Object(object) => {
            object.remove("providers");
            object.values_mut().for_each(without_providers);
        }
        _ => {}
    }
}
