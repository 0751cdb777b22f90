output "url" {
  description = "Where the notebook's JupyterLab answers."
  value       = aws_sagemaker_notebook_instance.this.url
}
