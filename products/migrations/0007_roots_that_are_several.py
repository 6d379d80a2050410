"""A root of a product may be several blocks, one of several kinds, or none."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('products', '0006_narrowed_fields'),
    ]

    operations = [
        migrations.AddField(
            model_name='rootblock',
            name='kind',
            field=models.CharField(choices=[('block', 'block'), ('block_list', 'block list'), ('optional_block', 'optional block')], db_default='block', default='block', max_length=20),
        ),
        migrations.AddField(
            model_name='rootblock',
            name='maximum',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='rootblock',
            name='minimum',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='rootblock',
            name='others',
            field=models.ManyToManyField(blank=True, related_name='other_root_of', to='products.productblock'),
        ),
    ]
