locals {
  root_access = "Disabled"
}
