"""Products make fields of shared blocks narrower."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('products', '0005_former_names_and_status_of_blocks'),
    ]

    operations = [
        migrations.CreateModel(
            name='NarrowedField',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=0)),
                ('fewest', models.PositiveIntegerField(blank=True, help_text='Members, for a list.', null=True)),
                ('most', models.PositiveIntegerField(blank=True, help_text='Members, for a list.', null=True)),
                ('choices', models.JSONField(blank=True, default=list)),
                ('minimum', models.CharField(blank=True, help_text='For a number.', max_length=45)),
                ('maximum', models.CharField(blank=True, help_text='For a number.', max_length=45)),
                ('field', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='narrowed', to='products.blockfield')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='narrowed', to='products.product')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('product', 'field'), name='narrowed_field_once')],
            },
        ),
    ]
