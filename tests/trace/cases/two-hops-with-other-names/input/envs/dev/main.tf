module "platform" {
  source = "../../modules/platform"

  notebook_root = var.allow_root
}
