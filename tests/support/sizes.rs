//! Code of any size, as people may write it.

use std::fmt::Write as _;

/// Files by their path.
pub(crate) type Files = Vec<(String, String)>;

const NOTEBOOK: &str = "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  name        = \"n\"\n";

/// Notebooks, each on a variable of its own.
pub(crate) fn notebooks(number: usize) -> Files {
    let mut code = String::new();
    for at in 0..number {
        let _ = write!(code, "variable \"v{at}\" {{\n  default = \"Enabled\"\n}}\n");
        let _ = write!(
            code,
            "resource \"aws_sagemaker_notebook_instance\" \"n{at}\" {{\n  name        = \"n\"\n  root_access = var.v{at}\n}}\n"
        );
    }
    vec![("main.tf".to_owned(), code)]
}

/// Notebooks, each on an element of its own of one map.
pub(crate) fn elements(number: usize) -> Files {
    let mut code = "variable \"m\" {\n  type = map(string)\n  default = {\n".to_owned();
    for at in 0..number {
        let _ = writeln!(code, "    k{at} = \"Enabled\"");
    }
    code += "  }\n}\n";
    for at in 0..number {
        let block = NOTEBOOK.replace("\"n\" {", &format!("\"n{at}\" {{"));
        let _ = write!(code, "{block}  root_access = var.m[\"k{at}\"]\n}}\n");
    }
    vec![("main.tf".to_owned(), code)]
}

/// Notebooks, each with the value of the next.
pub(crate) fn references(number: usize) -> Files {
    let one = |at: usize| {
        let block = NOTEBOOK.replace("\"n\" {", &format!("\"n{at}\" {{"));
        format!("{block}  root_access = aws_sagemaker_notebook_instance.n{}.root_access\n}}\n", at + 1)
    };
    let last = NOTEBOOK.replace("\"n\" {", &format!("\"n{number}\" {{")) + "  root_access = \"Enabled\"\n}\n";
    vec![("main.tf".to_owned(), (0..number).map(one).collect::<String>() + &last)]
}

/// Terragrunt units that each take a value of their own out of one document.
pub(crate) fn documents(number: usize) -> Files {
    let module = format!("variable \"r\" {{\n}}\n{NOTEBOOK}  root_access = var.r\n}}\n");
    let entry = |at: usize| format!("k{at}: {{ root: Enabled, sizes: [1, 2, 3] }}\n");
    let unit = |at: usize| {
        let taken = format!("inputs = {{\n  r = yamldecode(file(\"../all.yaml\"))[\"k{}\"].root\n}}\n", at % 200);
        (format!("u{at}/terragrunt.hcl"), "terraform {\n  source = \"../m\"\n}\n".to_owned() + &taken)
    };
    let shared = [("m/main.tf".to_owned(), module), ("all.yaml".to_owned(), (0..200).map(entry).collect())];
    shared.into_iter().chain((0..number).map(unit)).collect()
}

/// Files of values for one notebook.
pub(crate) fn value_files(number: usize) -> Files {
    let code = format!("variable \"r\" {{\n}}\n{NOTEBOOK}  root_access = var.r\n}}\n");
    let files = (0..number).map(|at| (format!("env/e{at}.tfvars"), "r = \"Enabled\"\n".to_owned()));
    [("main.tf".to_owned(), code)].into_iter().chain(files).collect()
}

/// Calls of one module in one folder.
pub(crate) fn calls(number: usize) -> Files {
    let module = format!("variable \"r\" {{\n}}\n{NOTEBOOK}  root_access = var.r\n}}\n");
    let mut code = String::new();
    for at in 0..number {
        let _ = write!(code, "module \"c{at}\" {{\n  source = \"./m\"\n  r      = \"Enabled\"\n}}\n");
    }
    vec![("main.tf".to_owned(), code), ("m/main.tf".to_owned(), module)]
}

/// Instances of one notebook.
pub(crate) fn keys(number: usize) -> Files {
    let mut code = "locals {\n  m = {\n".to_owned();
    for at in 0..number {
        let _ = writeln!(code, "    k{at} = \"Enabled\"");
    }
    let _ = write!(code, "  }}\n}}\n{NOTEBOOK}  for_each    = local.m\n  root_access = each.value\n}}\n");
    vec![("main.tf".to_owned(), code)]
}

/// Notebooks, each on a local value of one block, whose comments stand in one column.
pub(crate) fn locals(number: usize) -> Files {
    let (mut values, mut code) = ("locals {\n".to_owned(), String::new());
    for at in 0..number {
        let _ = writeln!(values, "  v{at:06} = \"Enabled\" # {at}");
        let block = NOTEBOOK.replace("\"n\" {", &format!("\"n{at}\" {{"));
        let _ = write!(code, "{block}  root_access = local.v{at:06}\n}}\n");
    }
    vec![("main.tf".to_owned(), values + "}\n" + &code)]
}

/// Texts of a set, each of which makes an instance.
pub(crate) fn members(number: usize) -> Files {
    let texts: Vec<String> = (0..number).map(|at| format!("\"k{at}\"")).collect();
    let texts = texts.join(", ");
    vec![(
        "main.tf".to_owned(),
        format!("{NOTEBOOK}  for_each    = toset(distinct([{texts}]))\n  root_access = \"Enabled\"\n}}\n"),
    )]
}

/// Blocks that are opened and not closed.
pub(crate) fn unclosed(number: usize) -> Files {
    let code = format!("{NOTEBOOK}  root_access = \"Enabled\"\n}}\n{}", "resource \"a\" \"b\" {\n".repeat(number));
    vec![("main.tf".to_owned(), code)]
}

/// A module that calls the next, which does so too.
pub(crate) fn row(number: usize) -> Files {
    let call = |to: &str, value: &str| format!("module \"c\" {{\n  source = \"{to}\"\n  r      = {value}\n}}\n");
    let mut files = vec![("main.tf".to_owned(), call("./m0", "\"Enabled\""))];
    for at in 0..number {
        let rest = if at + 1 < number {
            call(&format!("../m{}", at + 1), "var.r")
        } else {
            format!("{NOTEBOOK}  root_access = var.r\n}}\n")
        };
        files.push((format!("m{at}/main.tf"), format!("variable \"r\" {{\n}}\n{rest}")));
    }
    files
}

/// Notebooks, each with an ignore comment of its own.
pub(crate) fn suppressed(number: usize) -> Files {
    let one = |at: usize| {
        let block = NOTEBOOK.replace("\"n\" {", &format!("\"n{at}\" {{"));
        format!("# unroot:ignore because\n{block}  root_access = \"Enabled\"\n}}\n")
    };
    vec![("main.tf".to_owned(), (0..number).map(one).collect())]
}

/// Notebooks, each in a folder of its own.
pub(crate) fn folders(number: usize) -> Files {
    (0..number).map(|at| (format!("d{at}/main.tf"), format!("{NOTEBOOK}  root_access = \"Enabled\"\n}}\n"))).collect()
}

/// Terragrunt units of one module.
pub(crate) fn units(number: usize) -> Files {
    let module = format!("variable \"r\" {{\n}}\n{NOTEBOOK}  root_access = var.r\n}}\n");
    let unit = "terraform {\n  source = \"../m\"\n}\ninputs = {\n  r = \"Enabled\"\n}\n";
    let units = (0..number).map(|at| (format!("u{at}/terragrunt.hcl"), unit.to_owned()));
    [("m/main.tf".to_owned(), module)].into_iter().chain(units).collect()
}

/// Deployments of one stack.
pub(crate) fn deployments(number: usize) -> Files {
    let module = format!("variable \"r\" {{\n}}\n{NOTEBOOK}  root_access = var.r\n}}\n");
    let stack =
        "variable \"r\" {\n  type = string\n}\ncomponent \"a\" {\n  source = \"../m\"\n  inputs = { r = var.r }\n}\n";
    let deployment = |at: usize| format!("deployment \"d{at}\" {{\n  inputs = {{ r = \"Enabled\" }}\n}}\n");
    vec![
        ("m/main.tf".to_owned(), module),
        ("s/c.tfcomponent.hcl".to_owned(), stack.to_owned()),
        ("s/d.tfdeploy.hcl".to_owned(), (0..number).map(deployment).collect()),
    ]
}

/// Modules that one root calls, each with a notebook.
pub(crate) fn modules(number: usize) -> Files {
    let module = format!("variable \"r\" {{\n}}\n{NOTEBOOK}  root_access = var.r\n}}\n");
    let call = |at: usize| format!("module \"m{at}\" {{\n  source = \"./m{at}\"\n  r      = \"Enabled\"\n}}\n");
    let modules = (0..number).map(|at| (format!("m{at}/main.tf"), module.clone()));
    [("main.tf".to_owned(), (0..number).map(call).collect())].into_iter().chain(modules).collect()
}

/// Files of one folder, each of which sets a variable of a service by a computed name.
pub(crate) fn services(number: usize) -> Files {
    let file = |at: usize| {
        let text = format!("resource \"tfe_variable\" \"v{at}\" {{\n  key = \"a-${{local.x}}\"\n}}\n");
        (format!("f{at}.tf"), text)
    };
    let module = format!("variable \"r\" {{\n  default = \"Enabled\"\n}}\n{NOTEBOOK}  root_access = var.r\n}}\n");
    [("main.tf".to_owned(), module)].into_iter().chain((0..number).map(file)).collect()
}
