module "notebook" {
  source = "../../modules/notebook"

  root_access = var.notebook_root_access
}
