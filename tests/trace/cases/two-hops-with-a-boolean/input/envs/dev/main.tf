module "platform" {
  source = "../../modules/platform"

  root = true
}
