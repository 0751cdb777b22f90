module "stack" {
  source = "../../modules/stack"

  root = "Disabled"
}
