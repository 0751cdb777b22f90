variable "config" {
  type = any
}
