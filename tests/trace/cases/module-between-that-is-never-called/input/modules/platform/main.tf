module "notebook" {
  source = "../notebook"

  root_access = var.notebook_root
}
