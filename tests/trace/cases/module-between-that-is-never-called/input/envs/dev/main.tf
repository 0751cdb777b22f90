module "platform" {
  source = "../../modules/platform"
  count = 0
}

module "notebook" {
  source = "../../modules/notebook"

  root_access = "Disabled"
}
