module "settings" {
  source = "../../modules/settings"
}

module "notebook" {
  source = "../../modules/notebook"

  root_access = module.settings.root_access
}
