variable "notebook_root" {
  type = string
}
