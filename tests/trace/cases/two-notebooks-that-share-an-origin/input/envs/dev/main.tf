module "notebook" {
  source = "../../modules/notebook"

  root_access = var.root
}

module "other" {
  source = "../../modules/other"

  access = var.root
}
