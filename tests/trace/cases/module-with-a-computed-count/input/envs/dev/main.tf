module "sandbox" {
  source = "../../modules/notebook"
  count = var.environment == "sandbox" ? 1 : 0

  root_access = "Enabled"
}

module "main" {
  source = "../../modules/notebook"

  root_access = "Disabled"
}
