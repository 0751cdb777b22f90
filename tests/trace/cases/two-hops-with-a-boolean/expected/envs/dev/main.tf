module "platform" {
  source = "../../modules/platform"

  root = false
}
