module "notebook" {
  source      = "./notebook"
  root_access = "Enabled"
}

module "settings" {
  source = "./settings"
  root   = module.notebook.root_access == "Enabled"
}
