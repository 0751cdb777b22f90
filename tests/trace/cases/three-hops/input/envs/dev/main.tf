module "stack" {
  source = "../../modules/stack"

  root = "Enabled"
}
