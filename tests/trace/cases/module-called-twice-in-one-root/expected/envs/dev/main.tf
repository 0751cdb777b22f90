module "open" {
  source = "../../modules/notebook"

  root_access = "Disabled"
}

module "closed" {
  source = "../../modules/notebook"

  root_access = "Disabled"
}
