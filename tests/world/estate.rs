//! Random repositories of notebooks in modules, with the way that each one's value takes.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;

/// A repository.
pub(crate) struct Estate {
    /// The files by path.
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) notebooks: Vec<Notebook>,
}

/// A notebook of one, in a module of its own.
pub(crate) struct Notebook {
    /// The file that holds it.
    pub(crate) file: String,
    pub(crate) is_bad: bool,
    /// The files on the way of its value, its own not included.
    pub(crate) way: BTreeSet<String>,
}

const VALUES: [&str; 4] = ["terraform.tfvars", "dev.tfvars", "a.auto.tfvars", "env/dev.tfvars"];

impl Estate {
    /// Some notebooks, about half of which have root.
    pub(crate) fn new(rng: &mut Rng) -> Self {
        let mut estate = Self { files: BTreeMap::new(), notebooks: Vec::new() };
        for number in 0..rng.usize(1..4) {
            let is_bad = rng.bool();
            estate.add(number, is_bad, rng);
        }
        estate
    }

    /// One notebook, which has root.
    pub(crate) fn with_root(rng: &mut Rng) -> Self {
        let mut estate = Self { files: BTreeMap::new(), notebooks: Vec::new() };
        estate.add(0, true, rng);
        estate
    }

    fn put(&mut self, path: impl Into<String>, text: impl Into<String>) -> String {
        let path = path.into();
        self.files.insert(path.clone(), text.into());
        path
    }

    fn add(&mut self, number: usize, is_bad: bool, rng: &mut Rng) {
        let mut way = BTreeSet::new();
        let leaf = format!("modules/nb{number}");
        let notebook = format!(
            "resource \"aws_sagemaker_notebook_instance\" \"this\" {{\n  name        = \"nb{number}\"\n  root_access = var.ra\n}}\n"
        );
        let variable = "variable \"ra\" {\n  type    = string\n  default = \"Disabled\"\n}\n";
        let file = if rng.bool() {
            self.put(format!("{leaf}/variables.tf"), variable);
            self.put(format!("{leaf}/main.tf"), notebook)
        } else {
            self.put(format!("{leaf}/main.tf"), format!("{variable}{notebook}"))
        };
        let mut module = leaf;
        for level in 0..rng.usize(0..3) {
            let folder = format!("modules/wrap{number}-{level}");
            let name = module.rsplit('/').next().unwrap_or_default().to_owned();
            let text = format!(
                "variable \"ra\" {{\n}}\nmodule \"inner\" {{\n  source = \"../{name}\"\n  ra     = var.ra # handed on\n}}\n"
            );
            way.insert(self.put(format!("{folder}/main.tf"), text));
            module = folder;
        }
        let value = if is_bad { "Enabled" } else { "Disabled" };
        self.root(number, &module, value, &mut way, rng);
        if rng.bool() {
            // Somebody else who does as told.
            let text = format!("module \"nb\" {{\n  source = \"../../{module}\"\n  ra     = \"Disabled\"\n}}\n");
            self.put(format!("envs/calm{number}/main.tf"), text);
        }
        self.notebooks.push(Notebook { file, is_bad, way });
    }

    /// The root module, or what else hands the value to a module.
    fn root(&mut self, number: usize, module: &str, value: &str, way: &mut BTreeSet<String>, rng: &mut Rng) {
        let root = format!("envs/e{number}");
        let call = |argument: &str| {
            format!("module \"nb\" {{\n  source = \"../../{module}\"\n  # the switch\n  ra     = {argument}\n}}\n")
        };
        match rng.u8(0..8) {
            0 => {
                way.insert(self.put(format!("{root}/main.tf"), call(&format!("\"{value}\""))));
            }
            1 => {
                let call = call("var.r");
                let text = format!("variable \"r\" {{\n  default = \"Disabled\"\n}}\n{call}");
                way.insert(self.put(format!("{root}/main.tf"), text));
                let name = VALUES[rng.usize(..VALUES.len())];
                way.insert(self.put(format!("{root}/{name}"), format!("r = \"{value}\"\n")));
            }
            2 => {
                way.insert(self.put(format!("{root}/main.tf"), call("local.r")));
                way.insert(self.put(format!("{root}/locals.tf"), format!("locals {{\n  r = \"{value}\"\n}}\n")));
            }
            3 => {
                let text = format!(
                    "{}module \"cfg\" {{\n  source = \"../../modules/cfg{number}\"\n}}\n",
                    call("module.cfg.ra")
                );
                way.insert(self.put(format!("{root}/main.tf"), text));
                let output = format!("output \"ra\" {{\n  value = \"{value}\"\n}}\n");
                way.insert(self.put(format!("modules/cfg{number}/main.tf"), output));
            }
            4 => {
                let json =
                    format!("{{\"module\": {{\"nb\": {{\"source\": \"../../{module}\", \"ra\": \"{value}\"}}}}}}\n");
                way.insert(self.put(format!("{root}/main.tf.json"), json));
            }
            5 => {
                way.insert(self.put(format!("{root}/main.tf"), call("\"Disabled\"")));
                let text = format!("module \"nb\" {{\n  ra = \"{value}\"\n}}\n");
                way.insert(self.put(format!("{root}/nb_override.tf"), text));
            }
            6 => {
                let text =
                    format!("terraform {{\n  source = \"../../{module}\"\n}}\ninputs = {{\n  ra = \"{value}\"\n}}\n");
                way.insert(self.put(format!("live/u{number}/terragrunt.hcl"), text));
            }
            _ => {
                let text = format!(
                    "include \"root\" {{\n  path = find_in_parent_folders(\"common{number}.hcl\")\n}}\nterraform {{\n  source = \"../../{module}\"\n}}\n"
                );
                way.insert(self.put(format!("live/u{number}/terragrunt.hcl"), text));
                let inputs = format!("inputs = {{\n  ra = \"{value}\"\n}}\n");
                way.insert(self.put(format!("live/common{number}.hcl"), inputs));
            }
        }
    }
}
