module "platform" {
  source = "../platform"

  notebook_root = local.root
}

locals {
  root = var.root
}
