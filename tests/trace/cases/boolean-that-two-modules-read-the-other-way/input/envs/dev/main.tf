module "notebook" {
  source = "../../modules/notebook"

  x = local.x
}

module "other" {
  source = "../../modules/other"

  x = local.x
}

locals {
  x = true
}
