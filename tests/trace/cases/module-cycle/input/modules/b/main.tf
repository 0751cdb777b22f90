module "a" {
  source = "../a"

  root_access = var.root_access
}
