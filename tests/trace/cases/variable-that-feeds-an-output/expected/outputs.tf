output "root_access" {
  value = var.root_access
}
