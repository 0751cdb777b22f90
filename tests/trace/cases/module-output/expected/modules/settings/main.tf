output "root_access" {
  value = "Enabled"
}
