module "notebook" {
  source = "../notebook"

  root_access = var.root ? "Enabled" : "Disabled"
}
