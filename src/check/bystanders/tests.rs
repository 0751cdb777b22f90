use super::*;
use crate::fix::Patch;
use crate::model::{Callers, Store, View};
use crate::source::{Fence, SourceFile};

const FLAG: &str = "variable \"root\" {\n  default = true\n}\n\nresource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = var.root ? \"Enabled\" : \"Disabled\"\n}\n";

/// The places that differ once the flag is turned, in a root with some more code.
fn turned(more: &str) -> Vec<String> {
    let text = format!("{more}\n{FLAG}");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = Utf8PathBuf::try_from(folder.path().join("main.tf")).expect("a plain name");
    std::fs::write(&path, &text).expect("a file");
    let store = Store::within(Fence::around(std::slice::from_ref(&path)));
    let main = store.insert(SourceFile::new(path, text.clone()));
    let callers = Callers::default();
    let at = text.find("default = true").expect("the flag") + "default = ".len();
    let patches = [Patch::new(main, text.replacen("default = true", "default = false", 1))];
    let (old, new) = (View::new(&store, &[]), View::new(&store, &patches));
    let (old, new) = (Programs::new(&old, &callers, &[main]), Programs::new(&new, &callers, &[main]));
    let changed = Changed::from([(main, vec![Span::new(at, at + "true".len())])]);
    let (old, new) = bystanders(&old, &new, &changed).expect("it is little");
    let places: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differs = places.into_iter().filter(|place| old.get(*place) != new.get(*place));
    differs.map(|place| place.split_once("main.tf: ").map_or(place.as_str(), |(_, place)| place).to_owned()).collect()
}

#[test]
fn whatever_else_hangs_on_a_changed_literal_shows() {
    for (code, place) in [
        ("output \"o\" {\n  value = var.root\n}", "output.o.value"),
        ("output \"o\" {\n  value = [local.a[\"x\"]]\n}\nlocals {\n  a = { x = !var.root }\n}", "output.o.value"),
        ("resource \"a\" \"b\" {\n  count = var.root ? 1 : 0\n}", "resource.a.b.count"),
        ("resource \"a\" \"b\" {\n  x {\n    y = \"${var.root}\"\n  }\n}", "resource.a.b.x.y"),
        ("resource \"a\" \"b\" {\n  for_each = { x = var.root }\n  y = each.value\n}", "resource.a.b.y"),
        ("data \"a\" \"b\" {\n  for_each = toset(var.root ? [\"x\"] : [])\n}", "data.a.b.for_each"),
        ("ephemeral \"a\" \"b\" {\n  count = var.root ? 1 : 0\n}", "ephemeral.a.b.count"),
        ("import {\n  for_each = var.root ? { a = 1 } : {}\n  to = a.b\n  id = 1\n}", "import.for_each"),
        ("provider \"a\" {\n  x = var.root\n}", "provider.a.x"),
        ("module \"m\" {\n  source = \"./none\"\n  count = var.root ? 1 : 0\n}", "module.m.count"),
        ("check \"c\" {\n  assert {\n    condition = var.root\n  }\n}", "check.c.assert.condition"),
        (
            "resource \"a\" \"b\" {\n  lifecycle {\n    precondition {\n      condition = var.root\n    }\n  }\n}",
            "resource.a.b.lifecycle.precondition.condition",
        ),
        (
            "variable \"v\" {\n  default = 1\n  validation {\n    condition = var.v == 1 && var.root\n  }\n}",
            "variable.v.validation.condition",
        ),
        (
            "resource \"aws_sagemaker_notebook_instance\" \"x\" {\n  name = \"${var.root}\"\n}",
            "resource.aws_sagemaker_notebook_instance.x.name",
        ),
    ] {
        assert_eq!(turned(code), [place], "{code}");
    }
}

#[test]
fn notebooks_and_what_nothing_uses_do_not_show() {
    for code in [
        "",
        "locals {\n  a = var.root\n}",
        "output \"o\" {\n  value = aws_sagemaker_notebook_instance.n.root_access\n}",
        "resource \"aws_sagemaker_notebook_instance\" \"x\" {\n  root_access = var.root ? \"Enabled\" : \"Disabled\"\n}",
        "resource \"a\" \"b\" {\n  for_each = { x = var.root }\n  y = each.key\n}",
    ] {
        assert_eq!(turned(code), Vec::<String>::new(), "{code}");
    }
}
