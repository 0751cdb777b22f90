module "off" {
  source = "../../modules/notebook"
  count = 0

  root_access = "Enabled"
}

module "on" {
  source = "../../modules/notebook"

  root_access = "Disabled"
}
