module "open" {
  source = "../../modules/notebook"

  root_access = "Enabled"
}

module "closed" {
  source = "../../modules/notebook"

  root_access = "Disabled"
}
